//! The distribution of a column, small enough for a table.

use super::super::html::{Html, element, empty};

/// Width of a drawing.
const WIDTH: usize = 100;
/// Height of a drawing.
const HEIGHT: usize = 24;
/// Widest bar with its gap, so that few bars still look like bars.
const WIDEST: usize = 12;

/// A bar for each of `counts`. A page may have many drawings, so all coordinates are whole and relative.
#[must_use]
pub fn distribution(counts: &[(String, usize)], description: &str) -> Html {
    let most = counts.iter().map(|(_, count)| *count).max().unwrap_or(0);
    if most == 0 {
        return Html::default();
    }
    let width = (WIDTH / counts.len()).clamp(2, WIDEST);
    let mut d = format!("M0 {HEIGHT}");
    for (_, count) in counts {
        // What there is can be seen.
        let height = (HEIGHT as f64 * *count as f64 / most as f64).ceil() as usize;
        d += &match height {
            0 => format!("h{width}"),
            _ => format!("v-{height}h{}v{height}h1", width - 1),
        };
    }
    let viewport = format!("0 0 {WIDTH} {HEIGHT}");
    let attributes = [
        ("class", "spark"),
        ("viewBox", viewport.as_str()),
        ("role", "img"),
        ("aria-label", description),
    ];
    element("svg", &attributes, empty("path", &[("d", &d)]))
}
