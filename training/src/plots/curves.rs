use plotters::prelude::*;

use super::failed;
use crate::error::TrainingError;
use crate::fit::Epoch;

const SIZE: (u32, u32) = (960, 420);
const TRAIN: RGBColor = RGBColor(31, 119, 180);
const VALIDATION: RGBColor = RGBColor(214, 96, 30);

/// `curves.svg`: loss and accuracy by epoch, with the epoch `best` marked.
///
/// # Errors
///
/// If the drawing fails.
pub fn curves(history: &[Epoch], best: usize) -> Result<Vec<u8>, TrainingError> {
    let mut svg = String::new();
    draw(&mut svg, history, best).map_err(failed("curves.svg"))?;
    Ok(svg.into_bytes())
}

type Drawing<'a> = DrawingArea<SVGBackend<'a>, plotters::coord::Shift>;
type DrawingResult<T> = Result<T, Box<dyn std::error::Error>>;

/// A series to draw: its name, its colour, and its value in each epoch.
type Series = (&'static str, RGBColor, fn(&Epoch) -> f64);

fn draw(svg: &mut String, history: &[Epoch], best: usize) -> DrawingResult<()> {
    let root = SVGBackend::with_string(svg, SIZE).into_drawing_area();
    root.fill(&WHITE)?;
    let (left, right) = root.split_horizontally(SIZE.0 / 2);
    let loss: [Series; 2] = [
        ("train", TRAIN, |epoch| epoch.train_loss),
        ("validation", VALIDATION, |epoch| epoch.validation_loss),
    ];
    let accuracy: [Series; 2] = [
        ("train", TRAIN, |epoch| 100.0 * epoch.train_accuracy),
        ("validation", VALIDATION, |epoch| {
            100.0 * epoch.validation_accuracy
        }),
    ];
    panel(&left, "Loss (cross-entropy, nats)", history, best, &loss)?;
    panel(&right, "Accuracy (%)", history, best, &accuracy)?;
    root.present()?;
    Ok(())
}

fn panel(
    area: &Drawing<'_>,
    caption: &str,
    history: &[Epoch],
    best: usize,
    series: &[Series],
) -> DrawingResult<()> {
    let values = || (series.iter()).flat_map(|(_, _, value)| history.iter().map(value));
    let lowest = values().fold(f64::INFINITY, f64::min);
    let highest = values().fold(f64::NEG_INFINITY, f64::max);
    let margin = ((highest - lowest) * 0.05).max(1e-3);
    let epochs = history.len().max(2);
    let mut chart = ChartBuilder::on(area)
        .caption(caption, ("sans-serif", 18))
        .margin(12)
        .x_label_area_size(40)
        .y_label_area_size(52)
        .build_cartesian_2d(1..epochs, (lowest - margin)..(highest + margin))?;
    chart
        .configure_mesh()
        .x_desc("Epoch")
        .light_line_style(WHITE)
        .bold_line_style(RGBColor(225, 225, 225))
        .draw()?;
    let mark = [(best, lowest - margin), (best, highest + margin)];
    chart
        .draw_series(LineSeries::new(mark, BLACK.mix(0.4)))?
        .label(format!("kept (epoch {best})"))
        .legend(|(x, y)| PathElement::new([(x, y), (x + 18, y)], BLACK.mix(0.4)));
    for (name, colour, value) in series {
        let line = history.iter().map(|epoch| (epoch.epoch, value(epoch)));
        let colour = *colour;
        chart
            .draw_series(LineSeries::new(line, colour.stroke_width(2)))?
            .label(*name)
            .legend(move |(x, y)| PathElement::new([(x, y), (x + 18, y)], colour.stroke_width(2)));
    }
    chart
        .configure_series_labels()
        .background_style(WHITE.mix(0.85))
        .border_style(RGBColor(200, 200, 200))
        .draw()?;
    Ok(())
}
