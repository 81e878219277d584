//! Rows as a module's users write them: the JSON that trainers check their models with.

use model::Text;
use model::json::push_string;

use crate::Measurement;

/// An object with a member for each of `measurements`, of the value in `numbers`.
#[must_use]
pub fn table(measurements: &[Measurement], numbers: &[f32]) -> String {
    let values = numbers.iter().map(f32::to_string);
    object(measurements.iter().map(|field| field.name).zip(values))
}

/// An array of the values of all pixels.
#[must_use]
pub fn image(pixels: &[u8]) -> String {
    let pixels: Vec<_> = pixels.iter().map(u8::to_string).collect();
    format!("[{}]", pixels.join(","))
}

/// An object with a member for each part of a text.
#[must_use]
pub fn text(schema: &Text, parts: &[String]) -> String {
    let values = parts.iter().map(|part| string(part));
    object(
        schema
            .parts
            .iter()
            .map(|part| part.name.as_str())
            .zip(values),
    )
}

fn object<'a>(members: impl Iterator<Item = (&'a str, String)>) -> String {
    let members: Vec<_> = members
        .map(|(name, value)| format!("{}:{value}", string(name)))
        .collect();
    format!("{{{}}}", members.join(","))
}

fn string(text: &str) -> String {
    let mut output = String::new();
    push_string(&mut output, text);
    output
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_json_that_gives_the_same_numbers() {
        let numbers = [5.1, 0.1, 1e-7, 16_777_216.0];
        let row = table(&crate::iris::FIELDS, &numbers);
        let expected = r#"{"sepal_length":5.1,"sepal_width":0.1,"petal_length":0.0000001,"petal_width":16777216}"#;
        assert_eq!(row, expected);
        let members = model::json::members(&row);
        let back: Vec<_> = members
            .map(|(_, value)| model::json::number(value).unwrap())
            .collect();
        assert_eq!(back, numbers);
        assert_eq!(image(&[0, 255, 7]), "[0,255,7]");
        let parts = ["a \"b\"".to_owned(), "c\\\n".to_owned()];
        let row = text(&crate::news::schema(), &parts);
        assert_eq!(row, r#"{"title":"a \"b\"","description":"c\\\n"}"#);
    }
}
