#include "engine/training/checkpoint_op.h"

#include "engine/training/op_support.h"

namespace moescope {
namespace {

struct Segment : torch::CustomClassHolder {
    explicit Segment(std::function<at::Tensor(const at::Tensor&)> given) : body(std::move(given)) {}
    std::function<at::Tensor(const at::Tensor&)> body;
};

struct CheckpointFunction : torch::autograd::Function<CheckpointFunction> {
    static at::Tensor forward(AutogradContext* ctx, const at::Tensor& x, const c10::intrusive_ptr<Segment>& segment) {
        ctx->save_for_backward({x});
        ctx->saved_data["segment"] = c10::IValue::make_capsule(segment);
        return segment->body(x);
    }

    static variable_list backward(AutogradContext* ctx, variable_list grads) {
        const auto segment = c10::static_intrusive_pointer_cast<Segment>(ctx->saved_data["segment"].toCapsule());
        const at::Tensor x = ctx->get_saved_variables()[0].detach().requires_grad_(true);
        at::Tensor y;
        {
            const at::AutoGradMode enabled(true);
            y = segment->body(x);
        }
        y.backward(grads[0]);
        return {x.grad(), at::Tensor()};
    }
};

} // namespace

at::Tensor checkpointed(const at::Tensor& x, const std::function<at::Tensor(const at::Tensor&)>& body) {
    return CheckpointFunction::apply(x, c10::make_intrusive<Segment>(body));
}

} // namespace moescope
