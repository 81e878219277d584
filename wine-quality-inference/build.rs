//! Embeds `artifacts/wine-quality/model.safetensors`.

fn main() {
    inference::frozen::build_script("wine-quality");
}
