use plotters::prelude::*;

use super::failed;
use crate::epoch::Epoch;
use crate::error::TrainingError;
use crate::metrics::Score;

const SIZE: (u32, u32) = (960, 420);
const TRAIN: RGBColor = RGBColor(31, 119, 180);
const VALIDATION: RGBColor = RGBColor(214, 96, 30);

/// `curves.svg`: loss and score by epoch, with the epoch `best` marked.
///
/// # Errors
///
/// If the drawing fails.
pub fn curves(history: &[Epoch], best: usize, score: Score) -> Result<Vec<u8>, TrainingError> {
    let mut svg = String::new();
    draw(&mut svg, history, best, score).map_err(failed("curves.svg"))?;
    Ok(svg.into_bytes())
}

type Drawing<'a> = DrawingArea<SVGBackend<'a>, plotters::coord::Shift>;
type DrawingResult<T> = Result<T, Box<dyn std::error::Error>>;

/// A series to draw: its name, its colour, and its value in each epoch.
type Series = (&'static str, RGBColor, fn(&Epoch) -> f64);
/// A panel: its caption, the factor on all values, and its series.
type Panel<'a> = (&'a str, f64, [Series; 2]);

fn draw(svg: &mut String, history: &[Epoch], best: usize, score: Score) -> DrawingResult<()> {
    let root = SVGBackend::with_string(svg, SIZE).into_drawing_area();
    root.fill(&WHITE)?;
    let (left, right) = root.split_horizontally(SIZE.0 / 2);
    let caption = format!("Loss ({})", score.loss);
    let losses: [Series; 2] = [
        ("train", TRAIN, |epoch| epoch.train_loss),
        ("validation", VALIDATION, |epoch| epoch.validation_loss),
    ];
    panel(&left, (&caption, 1.0, losses), history, best)?;
    let caption = match score.unit.trim() {
        "" => score.label.to_owned(),
        unit => format!("{} ({unit})", score.label),
    };
    let scores: [Series; 2] = [
        ("train", TRAIN, |epoch| epoch.train_score),
        ("validation", VALIDATION, |epoch| epoch.validation_score),
    ];
    panel(&right, (&caption, score.factor, scores), history, best)?;
    root.present()?;
    Ok(())
}

fn panel(
    area: &Drawing<'_>,
    (caption, factor, series): Panel<'_>,
    history: &[Epoch],
    best: usize,
) -> DrawingResult<()> {
    let values =
        || (series.iter()).flat_map(|(_, _, value)| history.iter().map(|e| factor * value(e)));
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
        let line = history
            .iter()
            .map(|epoch| (epoch.epoch, factor * value(epoch)));
        chart
            .draw_series(LineSeries::new(line, colour.stroke_width(2)))?
            .label(name)
            .legend(move |(x, y)| PathElement::new([(x, y), (x + 18, y)], colour.stroke_width(2)));
    }
    // Where the lines end is seldom where they began.
    let last: Vec<f64> = (series.iter())
        .filter_map(|(_, _, value)| Some(factor * value(history.last()?)))
        .collect();
    let end = last.iter().sum::<f64>() / last.len().max(1) as f64;
    let position = match end < f64::midpoint(lowest, highest) {
        true => SeriesLabelPosition::UpperRight,
        false => SeriesLabelPosition::LowerRight,
    };
    chart
        .configure_series_labels()
        .position(position)
        .background_style(WHITE.mix(0.85))
        .border_style(RGBColor(200, 200, 200))
        .draw()?;
    Ok(())
}
