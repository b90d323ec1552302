// SPDX-License-Identifier: Apache-2.0
// The parameters of a request, read from its path, its query and its header fields.

internal import DragomanHTTP
internal import DragomanMapping

extension Exchange {
    func readParameters(_ plan: ParameterPlan) {
        head.withPath { plan.path(captures, of: $0, context) }
        head.withQuery { plan.query($0, context) }
        guard plan.wantsHeaders else { return }
        for index in head.fields.indices {
            head.fields.withField(at: index) { plan.header($0, $1, context) }
        }
    }
}
