//! The trainer for a GPU beside the one for a CPU.

mod data;

use data::{SHORT, rmse, trainer};
use testing::trainer::folder;

#[test]
fn the_gpu_agrees() {
    let [cpu, gpu] = [folder(), folder()];
    // A GPU in software is slow, and the steps are the same ones throughout.
    let wgpu = trainer(env!("CARGO_BIN_EXE_wine-quality-wgpu"), &SHORT);
    if wgpu.trains_on_a_gpu(gpu.path(), &[]) {
        trainer(env!("CARGO_BIN_EXE_wine-quality-flex"), &SHORT).train(cpu.path(), &[]);
        assert!((rmse(cpu.path()) - rmse(gpu.path())).abs() < 0.01);
    }
}
