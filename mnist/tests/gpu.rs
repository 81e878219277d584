//! The trainer for a GPU beside the one for a CPU.

mod data;

use data::{assert_same_losses, learning, learnt, train};
use testing::trainer::{folder, trained_on_a_gpu};

/// The CPU has the fused operations, the GPU composes them of Burn's own.
#[test]
fn the_gpu_agrees() {
    let [cpu, gpu] = [folder(), folder()];
    // A GPU in software is slow, and the steps are the same ones throughout: one epoch shows them.
    let wgpu = learning(env!("CARGO_BIN_EXE_mnist-wgpu"), gpu.path(), "1");
    if trained_on_a_gpu(wgpu) {
        train(learning(env!("CARGO_BIN_EXE_mnist-flex"), cpu.path(), "1"));
        assert_same_losses(&learnt(cpu.path()).1, &learnt(gpu.path()).1);
    }
}
