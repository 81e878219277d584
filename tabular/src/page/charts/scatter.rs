//! How far estimates of a number are off.

use super::super::html::{Html, short};
use super::super::numbers::{count, percent};
use super::figure;
use super::plot::{Axis, Plot};

/// Bars of the errors; an odd number, so that one is around 0.
const BARS: usize = 25;
/// Share of the errors that lie between the first and the last bar.
const WITHIN: f64 = 0.98;
/// Characters of the target in the name of an axis.
const LONGEST: usize = 24;

/// The answers over the true numbers: `points` of true number and answer, with a band of `half_width` around the
/// diagonal.
#[must_use]
pub fn scatter(points: &[[f32; 2]], half_width: f64, target: &str) -> Html {
    let points: Vec<[f64; 2]> = points.iter().map(|pair| pair.map(f64::from)).collect();
    let finite = points
        .iter()
        .flatten()
        .copied()
        .filter(|number| number.is_finite());
    let [low, high] = finite.fold([f64::INFINITY, f64::NEG_INFINITY], |[low, high], number| {
        [low.min(number), high.max(number)]
    });
    let range = if low < high {
        [low, high]
    } else {
        [low.min(0.0), low.max(1.0)]
    };
    let range = range.map(|edge| if edge.is_finite() { edge } else { 0.0 });
    let target = short(target, LONGEST);
    let (x, y) = (format!("true {target}"), format!("answer for {target}"));
    let mut plot = Plot::new(
        &Axis {
            name: &x,
            range,
            is_share: false,
        },
        &Axis {
            name: &y,
            range,
            is_share: false,
        },
    );
    plot.area("band", &band(range, half_width));
    plot.line("guide", &[[range[0], range[0]], [range[1], range[1]]]);
    plot.dots("dots", &points);
    let shown = count(points.len());
    figure(
        "Answers against the truth",
        format!(
            "Each of the {shown} dots is a row. On the dashed line the answer is exact; above it the answer is too high, below \
             it too low. In the shaded band the truth lies within the interval that comes with the answer."
        ),
        plot.finish(&format!("Answers over true values of {shown} rows")),
    )
}

/// The band around the diagonal, cut at the edges of the plot.
fn band([low, high]: [f64; 2], half: f64) -> Vec<[f64; 2]> {
    let half = half.min(high - low).max(0.0);
    vec![
        [low, low],
        [low, low + half],
        [high - half, high],
        [high, high],
        [high, high - half],
        [low + half, low],
    ]
}

/// How often which error occurs.
#[must_use]
pub fn errors(points: &[[f32; 2]], half_width: f64, coverage: f64) -> Html {
    let mut errors: Vec<f64> = points
        .iter()
        .map(|[truth, answer]| f64::from(*answer) - f64::from(*truth))
        .collect();
    errors.retain(|error| error.is_finite());
    let mut sizes: Vec<f64> = errors.iter().map(|error| error.abs()).collect();
    sizes.sort_unstable_by(f64::total_cmp);
    let inner = sizes
        .get((sizes.len() as f64 * WITHIN) as usize)
        .copied()
        .unwrap_or(0.0);
    let edge = inner.max(1.2 * half_width).max(f64::MIN_POSITIVE);
    let mut bars = [0_usize; BARS];
    for error in &errors {
        let place =
            (f64::midpoint(error / edge, 1.0) * BARS as f64).clamp(0.0, (BARS - 1) as f64) as usize;
        bars[place] += 1;
    }
    let most = bars.iter().copied().max().unwrap_or(0).max(1) as f64;
    let x = Axis {
        name: "answer less truth",
        range: [-edge, edge],
        is_share: false,
    };
    let y = Axis {
        name: "rows",
        range: [0.0, 1.05 * most],
        is_share: false,
    };
    let mut plot = Plot::new(&x, &y);
    let top = y.range[1];
    plot.area(
        "band",
        &[
            [-half_width, 0.0],
            [-half_width, top],
            [half_width, top],
            [half_width, 0.0],
        ],
    );
    let width = 2.0 * edge / BARS as f64;
    for (place, rows) in bars.iter().enumerate().filter(|(_, rows)| **rows > 0) {
        let (from, rows) = (place as f64 * width - edge, *rows as f64);
        let (left, right) = (from + 0.05 * width, from + 0.95 * width);
        plot.area(
            "column",
            &[[left, 0.0], [left, rows], [right, rows], [right, 0.0]],
        );
    }
    plot.line("guide", &[[0.0, 0.0], [0.0, top]]);
    figure(
        "How far the answers are off",
        format!(
            "To the left of 0 the answer is too low, to the right too high. {} of all rows lie in the shaded interval of ±{}. \
             The outermost bars hold all larger errors.",
            percent(coverage),
            super::super::numbers::figure(half_width),
        ),
        plot.finish("Distribution of the errors"),
    )
}
