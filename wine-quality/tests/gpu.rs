//! The trainer for a GPU beside the one for a CPU.

mod data;

use data::{rmse, trainer};
use testing::trainer::folder;

#[test]
fn the_gpu_agrees() {
    let [cpu, gpu] = [folder(), folder()];
    let wgpu = trainer(env!("CARGO_BIN_EXE_wine-quality-wgpu"), &[]);
    if wgpu.trains_on_a_gpu(gpu.path(), &[]) {
        trainer(env!("CARGO_BIN_EXE_wine-quality-flex"), &[]).train(cpu.path(), &[]);
        assert!((rmse(cpu.path()) - rmse(gpu.path())).abs() < 0.01);
    }
}
