// SPDX-License-Identifier: Apache-2.0
// Parts of timestamps, in UTC or in a time zone, and of durations.

enum CELMoments {
    typealias Values = [CELValue]

    /// The date and time of day in the zone that the second argument names.
    private static func date(
        _ name: String, _ values: Values
    ) throws(CELFailure) -> CELDate {
        guard let first = values.first, case .timestamp(let moment) = first, values.count <= 2
        else { throw .overload(name, values) }
        let seconds = CELTime.split(moment).seconds
        guard values.count == 2 else { return CELDate(seconds: seconds) }
        guard case .string(let zoneName) = values[1] else { throw .overload(name, values) }
        guard let zone = CELZone.named(zoneName) else {
            throw CELFailure("there is no time zone `\(zoneName.prefix(100))`")
        }
        return CELDate(seconds: seconds + Int64(zone.offset(at: seconds)))
    }

    static func fullYear(_: inout CELEvaluator, _ values: Values) throws(CELFailure)
        -> CELValue
    {
        .int(Int64(try date("getFullYear", values).year))
    }
    static func month(_: inout CELEvaluator, _ values: Values) throws(CELFailure) -> CELValue {
        .int(Int64(try date("getMonth", values).month - 1))
    }
    static func date(_: inout CELEvaluator, _ values: Values) throws(CELFailure) -> CELValue {
        .int(Int64(try date("getDate", values).day))
    }
    static func dayOfMonth(_: inout CELEvaluator, _ values: Values) throws(CELFailure)
        -> CELValue
    {
        .int(Int64(try date("getDayOfMonth", values).day - 1))
    }
    static func dayOfWeek(_: inout CELEvaluator, _ values: Values) throws(CELFailure)
        -> CELValue
    {
        .int(Int64(try date("getDayOfWeek", values).weekday))
    }
    static func dayOfYear(_: inout CELEvaluator, _ values: Values) throws(CELFailure)
        -> CELValue
    {
        .int(Int64(try date("getDayOfYear", values).dayOfYear))
    }

    /// Whole units of a duration; nil where the first argument is none.
    private static func whole(_ values: Values, of unit: Int128) -> CELValue? {
        guard values.count == 1, case .duration(let value) = values[0] else { return nil }
        return .int(Int64(truncatingIfNeeded: value / unit))
    }

    static func hours(_: inout CELEvaluator, _ values: Values) throws(CELFailure) -> CELValue {
        if let whole = whole(values, of: 3600 * CELTime.second) { return whole }
        return .int(Int64(try date("getHours", values).hour))
    }
    static func minutes(_: inout CELEvaluator, _ values: Values) throws(CELFailure) -> CELValue {
        if let whole = whole(values, of: 60 * CELTime.second) { return whole }
        return .int(Int64(try date("getMinutes", values).minute))
    }
    static func seconds(_: inout CELEvaluator, _ values: Values) throws(CELFailure) -> CELValue {
        if let whole = whole(values, of: CELTime.second) { return whole }
        return .int(Int64(try date("getSeconds", values).second))
    }

    /// Of a duration too the milliseconds above the whole second, as the specification has it.
    static func milliseconds(_: inout CELEvaluator, _ values: Values) throws(CELFailure)
        -> CELValue
    {
        if values.count == 1, case .duration(let value) = values[0] {
            return .int(Int64(truncatingIfNeeded: value % CELTime.second / 1_000_000))
        }
        _ = try date("getMilliseconds", values)
        guard case .timestamp(let moment) = values[0] else { return .int(0) }
        return .int(Int64(CELTime.split(moment).nanoseconds / 1_000_000))
    }
}
