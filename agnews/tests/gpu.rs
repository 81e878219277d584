//! The trainer for a GPU beside the one for a CPU.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

mod data;

use data::{accuracy, data, trainer};
use testing::trainer::folder;

#[test]
fn the_gpu_agrees() {
    let (_kept, data) = data();
    let [cpu, gpu] = [folder(), folder()];
    let wgpu = trainer(env!("CARGO_BIN_EXE_agnews-wgpu"), &data);
    if wgpu.trains_on_a_gpu(gpu.path(), &[]) {
        trainer(env!("CARGO_BIN_EXE_agnews-flex"), &data).train(cpu.path(), &[]);
        assert!((accuracy(cpu.path()) - accuracy(gpu.path())).abs() <= 0.025);
    }
}
