//! Embeds `artifacts/agnews/model.safetensors`.

fn main() {
    inference::frozen::build_script("agnews");
}
