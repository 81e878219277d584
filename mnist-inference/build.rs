//! Embeds `artifacts/mnist/model.safetensors`.

fn main() {
    inference::frozen::build_script("mnist");
}
