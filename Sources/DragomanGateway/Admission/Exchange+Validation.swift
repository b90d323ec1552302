// SPDX-License-Identifier: Apache-2.0
// The client's body: read, and judged together with the parameters. A large one in slices.

internal import DragomanDocument
internal import DragomanMapping

extension Exchange {
    /// The body as JSON, and everything that is wrong with it and with the parameters.
    func validate(_ route: RoutePlan, readsParameters: Bool = true) -> Problem? {
        readBody(route) ?? judge(route, readsParameters: readsParameters)
    }

    /// A large body: read, judged and translated with a look at others in between.
    func receivedLarge(_ route: RoutePlan) {
        if takesHTTPBody {
            readHTTPBody()
        } else if let form {
            do throws(FormFailure) {
                let isWhole = try finishForm(form, pausingAfter: LoopSlice.parts)
                guard isWhole else { return afterOthers { $0.receivedLarge(route) } }
            } catch {
                return refuse(problem(of: error))
            }
        } else {
            do throws(JSONSyntaxError) {
                let isWhole = try body.readJSON(
                    route.limits.document, pausingAfter: LoopSlice.entries)
                guard isWhole else { return afterOthers { $0.receivedLarge(route) } }
            } catch {
                return refuse(syntaxProblem(error))
            }
        }
        afterOthers { exchange in
            if let problem = exchange.judge(route) { return exchange.refuse(problem) }
            exchange.afterOthers { $0.callAll(route) }
        }
    }

    private func readBody(_ route: RoutePlan) -> Problem? {
        if takesHTTPBody {
            readHTTPBody()
        } else if let form {
            do throws(FormFailure) {
                _ = try finishForm(form, pausingAfter: FormIntake.withoutPause)
            } catch {
                return problem(of: error)
            }
        } else if body.sourceCount > 0 {
            do throws(JSONSyntaxError) {
                try body.readJSON(route.limits.document)
            } catch {
                return syntaxProblem(error)
            }
        }
        return nil
    }

    private func judge(_ route: RoutePlan, readsParameters: Bool = true) -> Problem? {
        let areParametersFine =
            !readsParameters || route.parameters.isEmpty || route.parameters.finish(context)
        var isBodyFine = true
        if case .json(let plan) = route.body { isBodyFine = plan.take(body, context) }
        return areParametersFine && isBodyFine ? nil : violationsProblem()
    }
}
