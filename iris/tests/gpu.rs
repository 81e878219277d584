//! The trainer for a GPU beside the one for a CPU.

mod data;

use data::{right, trainer};
use testing::trainer::{folder, model};

#[test]
fn the_gpu_reaches_the_same_accuracy_within_one_flower() {
    let (cpu, gpu, again) = (folder(), folder(), folder());
    let wgpu = trainer(env!("CARGO_BIN_EXE_iris-wgpu"));
    // A GPU in software is slow. Every epoch does the same steps, so 12 are enough.
    let short = ["--epochs", "12"];
    if wgpu.trains_on_a_gpu(gpu.path(), &short) {
        trainer(env!("CARGO_BIN_EXE_iris-flex")).train(cpu.path(), &short);
        let counts = [right(cpu.path()), right(gpu.path())];
        assert!((counts[0] - counts[1]).abs() <= 1, "{counts:?}");
        wgpu.train(again.path(), &short);
        assert_eq!(model(gpu.path()), model(again.path()));
    }
}
