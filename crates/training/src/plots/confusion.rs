use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use super::failed;
use crate::error::TrainingError;
use crate::metrics::Classification;

/// Side of a cell, in pixels.
const CELL: i32 = 110;
/// Room for the names of the classes, left and above, in pixels.
const LEFT: i32 = 150;
const TOP: i32 = 100;
const MARGIN: i32 = 30;

/// `confusion.svg`: rows by class and predicted class.
///
/// # Errors
///
/// If the drawing fails.
pub fn confusion(measured: &Classification, classes: &[String]) -> Result<Vec<u8>, TrainingError> {
    let mut svg = String::new();
    draw(&mut svg, measured, classes).map_err(failed("confusion.svg"))?;
    Ok(svg.into_bytes())
}

fn draw(
    svg: &mut String,
    measured: &Classification,
    classes: &[String],
) -> Result<(), Box<dyn std::error::Error>> {
    let side = CELL * classes.len() as i32;
    let (width, height) = (LEFT + side + MARGIN, TOP + side + MARGIN);
    let root = SVGBackend::with_string(svg, (width as u32, height as u32)).into_drawing_area();
    root.fill(&WHITE)?;
    let text = |size: i32, x, y| {
        ("sans-serif", size)
            .into_font()
            .color(&BLACK)
            .pos(Pos::new(x, y))
    };
    let title = format!(
        "Test rows: {} of {} right",
        measured
            .confusion
            .iter()
            .enumerate()
            .map(|(class, row)| row[class])
            .sum::<usize>(),
        measured.rows
    );
    let centre = LEFT + side / 2;
    root.draw_text(&title, &text(18, HPos::Center, VPos::Center), (centre, 24))?;
    root.draw_text(
        "predicted",
        &text(14, HPos::Center, VPos::Center),
        (centre, 54),
    )?;
    root.draw_text(
        "true",
        &text(14, HPos::Right, VPos::Center),
        (LEFT - 12, TOP - 22),
    )?;
    for (index, class) in classes.iter().enumerate() {
        let middle = CELL * index as i32 + CELL / 2;
        let above = text(14, HPos::Center, VPos::Center);
        root.draw_text(class, &above, (LEFT + middle, TOP - 22))?;
        let beside = text(14, HPos::Right, VPos::Center);
        root.draw_text(class, &beside, (LEFT - 12, TOP + middle))?;
    }
    for (y, row) in measured.confusion.iter().enumerate() {
        let total = row.iter().sum::<usize>().max(1);
        for (x, count) in row.iter().enumerate() {
            let share = *count as f64 / total as f64;
            let (left, top) = (LEFT + CELL * x as i32, TOP + CELL * y as i32);
            let cell = [(left, top), (left + CELL - 2, top + CELL - 2)];
            let hue = if x == y {
                RGBColor(31, 119, 180)
            } else {
                RGBColor(214, 96, 30)
            };
            root.draw(&Rectangle::new(cell, RGBColor(240, 240, 240).filled()))?;
            root.draw(&Rectangle::new(cell, hue.mix(share).filled()))?;
            let colour = if share > 0.5 { &WHITE } else { &BLACK };
            let style = ("sans-serif", 22).into_font().color(colour);
            let style = style.pos(Pos::new(HPos::Center, VPos::Center));
            let middle = (left + CELL / 2 - 1, top + CELL / 2 - 1);
            root.draw_text(&count.to_string(), &style, middle)?;
        }
    }
    root.present()?;
    Ok(())
}
