//! Embeds `artifacts/iris/model.safetensors`.

fn main() {
    inference::frozen::build_script("iris");
}
