use plotters::prelude::*;

use super::failed;
use crate::error::TrainingError;

const SIZE: (u32, u32) = (640, 520);
const POINT: RGBColor = RGBColor(31, 119, 180);
const LINE: RGBColor = RGBColor(214, 96, 30);

/// `residuals.svg`: how far each estimate is off, by its size, with the interval to either side.
///
/// # Errors
///
/// If the drawing fails.
pub fn residuals(
    estimates: &[f32],
    targets: &[f32],
    half_width: f32,
) -> Result<Vec<u8>, TrainingError> {
    let points: Vec<(f32, f32)> = (estimates.iter().zip(targets))
        .map(|(estimate, target)| (*estimate, target - estimate))
        .collect();
    let [low, high] = range(estimates, 0.2);
    let chart = Chart {
        caption: "Residuals of the test rows",
        x: ("Predicted", [low, high]),
        y: ("True − predicted", range_of_both(&points, half_width)),
        lines: [-half_width, 0.0, half_width]
            .map(|level| [(low, level), (high, level)])
            .into(),
        points,
    };
    draw(&chart).map_err(failed("residuals.svg"))
}

/// `predicted-vs-true.svg`: each estimate of `name` above what it should be. Points of the same true
/// number are spread a little, or they would hide each other.
///
/// # Errors
///
/// If the drawing fails.
pub fn predicted_vs_true(
    estimates: &[f32],
    targets: &[f32],
    name: &str,
) -> Result<Vec<u8>, TrainingError> {
    /// The fractional part of the golden ratio: its multiples spread evenly over an interval.
    const GOLDEN: f32 = 0.618_034;
    const SPREAD: f32 = 0.5;
    let points: Vec<(f32, f32)> = (estimates.iter().zip(targets).enumerate())
        .map(|(row, (estimate, target))| {
            let across = (row as f32 * GOLDEN).fract() - 0.5;
            (target + SPREAD * across, *estimate)
        })
        .collect();
    let [low, high] = range(&[estimates, targets].concat(), 0.5);
    let chart = Chart {
        caption: &format!("Test rows: {name}"),
        x: ("True", [low, high]),
        y: ("Predicted", [low, high]),
        lines: vec![[(low, low), (high, high)]],
        points,
    };
    draw(&chart).map_err(failed("predicted-vs-true.svg"))
}

struct Chart<'a> {
    caption: &'a str,
    x: (&'a str, [f32; 2]),
    y: (&'a str, [f32; 2]),
    lines: Vec<[(f32, f32); 2]>,
    points: Vec<(f32, f32)>,
}

/// From the lowest to the highest of `numbers`, and `margin` beyond.
fn range(numbers: &[f32], margin: f32) -> [f32; 2] {
    let lowest = numbers.iter().copied().fold(f32::INFINITY, f32::min);
    let highest = numbers.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    [lowest - margin, highest + margin]
}

/// A range around 0 for the heights of all points and of `half_width`.
fn range_of_both(points: &[(f32, f32)], half_width: f32) -> [f32; 2] {
    let largest = points
        .iter()
        .fold(half_width, |largest, (_, y)| largest.max(y.abs()));
    [-largest - 0.2, largest + 0.2]
}

fn draw(chart: &Chart<'_>) -> Result<Vec<u8>, Box<dyn std::error::Error>> {
    let mut svg = String::new();
    let root = SVGBackend::with_string(&mut svg, SIZE).into_drawing_area();
    root.fill(&WHITE)?;
    let ([left, right], [low, high]) = (chart.x.1, chart.y.1);
    let mut context = ChartBuilder::on(&root)
        .caption(chart.caption, ("sans-serif", 18))
        .margin(12)
        .x_label_area_size(40)
        .y_label_area_size(52)
        .build_cartesian_2d(left..right, low..high)?;
    context
        .configure_mesh()
        .x_desc(chart.x.0)
        .y_desc(chart.y.0)
        .light_line_style(WHITE)
        .bold_line_style(RGBColor(225, 225, 225))
        .draw()?;
    let point = |(x, y): &(f32, f32)| Circle::new((*x, *y), 2, POINT.mix(0.5).filled());
    context.draw_series(chart.points.iter().map(point))?;
    for line in &chart.lines {
        context.draw_series(LineSeries::new(*line, LINE.stroke_width(2)))?;
    }
    root.present()?;
    drop(context);
    drop(root);
    Ok(svg.into_bytes())
}
