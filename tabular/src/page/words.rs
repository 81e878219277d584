//! The words that speak for each class of texts.

use crate::view::View;

use super::charts::{heads, row_head, scrolling};
use super::html::{Html, element, name, paragraph};
use super::numbers::counted;
use super::{SHOWN, on_demand};

/// A line for each class; nothing if no words are known.
#[must_use]
pub fn words(view: &View<'_>) -> Html {
    if view.words.is_empty() {
        return Html::default();
    }
    let (first, more) = view.words.split_at(view.words.len().min(SHOWN));
    let others = if more.is_empty() {
        Html::default()
    } else {
        table("Words of the other classes", more)
    };
    paragraph(
        "Words and pairs of words that add most to the score of each class over all texts of the training, the strongest first. \
         Frequent words may say little each and add up to much. Pieces of words and signs count too, and are not shown.",
    ) + table("Words of the classes", first)
        + on_demand(&counted(more.len(), "more class", "more classes"), others)
}

fn table(label: &str, classes: &[(String, Vec<String>)]) -> Html {
    let line = |(class, words): &(String, Vec<String>)| {
        let words: Html = words
            .iter()
            .map(|word| element("span", &[("class", "field")], name(word)))
            .collect();
        element("tr", &[], row_head(name(class)) + element("td", &[], words))
    };
    let caption = element("caption", &[("class", "hidden")], label);
    let body = element("tbody", &[], classes.iter().map(line).collect::<Html>());
    scrolling(
        label,
        element(
            "table",
            &[],
            caption + heads(&[("Class", ""), ("Words", "")]) + body,
        ),
    )
}
