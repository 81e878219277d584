//! Predicts with a component: `embed-rust iris-inference.component.wasm '{…}'`.

use anyhow::{Context, Result};
use wasmtime::component::{Component, Linker};
use wasmtime::{Engine, Store};

wasmtime::component::bindgen!({ world: "classifier", path: "../../wit" });

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let file = arguments.next().context("expected the file of a component")?;
    let input = arguments.next().context("expected an input, as JSON")?;

    let engine = Engine::default();
    let component = Component::from_file(&engine, file)?;
    let mut store = Store::new(&engine, ());
    // The linker is empty: the component can call nothing.
    let model = Classifier::instantiate(&mut store, &component, &Linker::new(&engine))?;

    match model.call_predict(&mut store, &input)? {
        Ok(answer) => match answer.prediction {
            Prediction::Class(class) => {
                println!("{}", class.class);
                for Probability { class, probability } in class.probabilities {
                    println!("  {class}: {probability:.4}");
                }
            }
            Prediction::Number(number) => println!(
                "{}: {:.2}, from {:.2} to {:.2}",
                number.name, number.value, number.low, number.high
            ),
        },
        Err(error) => println!("error: {}", error.message),
    }
    Ok(())
}
