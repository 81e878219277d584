//! A plot with two axes.

use super::super::html::{Html, element, empty};
use super::super::numbers;
use super::at;

/// Width of a plot, which is that of a phone.
const WIDTH: f64 = 360.0;
/// Height of a plot.
const HEIGHT: f64 = 300.0;
/// Room above.
const MARGIN: f64 = 12.0;
/// Room to the right, for half of the last number.
const RIGHT: f64 = 22.0;
/// Room below, for the numbers and the name of the axis.
const BELOW: f64 = 44.0;
/// Width of a digit.
const DIGIT: f64 = 6.6;

/// An axis.
#[derive(Debug, Clone)]
pub struct Axis<'a> {
    /// What it measures.
    pub name: &'a str,
    /// Its least and greatest value.
    pub range: [f64; 2],
    /// Whether it is in percent.
    pub is_share: bool,
}

/// A plot that is being drawn.
#[derive(Debug)]
pub struct Plot {
    drawn: Html,
    x: [f64; 2],
    y: [f64; 2],
    left: f64,
}

impl Axis<'_> {
    /// A share of 1.
    #[must_use]
    pub fn share(name: &str) -> Axis<'_> {
        Axis {
            name,
            range: [0.0, 1.0],
            is_share: true,
        }
    }

    fn label(&self, number: f64) -> String {
        if self.is_share {
            format!("{:.0} %", 100.0 * number)
        } else {
            numbers::value(number)
        }
    }

    /// Round numbers on the axis: a step of 1, 2 or 5 times a power of ten, and at most `most` of them.
    fn ticks(&self, most: f64) -> Vec<f64> {
        let [low, high] = self.range;
        let raw = (high - low) / most;
        if !(raw.is_finite() && raw > 0.0) {
            return Vec::new();
        }
        let power = 10_f64.powf(raw.log10().floor());
        let step = [1.0, 2.0, 5.0, 10.0]
            .map(|factor| factor * power)
            .into_iter()
            .find(|step| *step >= raw);
        let step = step.unwrap_or(raw);
        let first = (low / step).ceil();
        let count = ((high / step).floor() - first).clamp(0.0, most) as usize;
        (0..=count)
            .map(|tick| (first + tick as f64) * step)
            .collect()
    }
}

impl Plot {
    /// An empty plot.
    #[must_use]
    pub fn new(x: &Axis<'_>, y: &Axis<'_>) -> Self {
        let digits = y
            .ticks(5.0)
            .iter()
            .map(|tick| y.label(*tick).chars().count())
            .max()
            .unwrap_or(0);
        let mut plot = Self {
            drawn: Html::default(),
            x: x.range,
            y: y.range,
            left: 28.0 + DIGIT * digits as f64,
        };
        plot.axes(x, y);
        plot
    }

    /// Where `x` is, in pixels from the left; the edge, for one that is outside.
    #[must_use]
    pub fn x(&self, x: f64) -> f64 {
        self.left + part(x, self.x) * (WIDTH - RIGHT - self.left)
    }

    /// Where `y` is, in pixels from the top; the edge, for one that is outside.
    #[must_use]
    pub fn y(&self, y: f64) -> f64 {
        HEIGHT - BELOW - part(y, self.y) * (HEIGHT - BELOW - MARGIN)
    }

    /// A line through `points`.
    pub fn line(&mut self, class: &'static str, points: &[[f64; 2]]) {
        self.path(class, points, "");
    }

    /// The area within `points`.
    pub fn area(&mut self, class: &'static str, points: &[[f64; 2]]) {
        self.path(class, points, "Z");
    }

    /// Dots of equal size: lines without length and with round ends, which take the fewest characters.
    pub fn dots(&mut self, class: &'static str, points: &[[f64; 2]]) {
        let mut d = String::new();
        for [x, y] in points {
            d += &format!("M{} {}h0", at(self.x(*x)), at(self.y(*y)));
        }
        self.drawn
            .push(empty("path", &[("class", class), ("d", &d)]));
    }

    /// A circle of `radius` pixels with a tooltip.
    pub fn circle(&mut self, [x, y]: [f64; 2], radius: f64, tip: &str) {
        let (x, y, radius) = (at(self.x(x)), at(self.y(y)), at(radius));
        let attributes = [
            ("class", "dot"),
            ("cx", x.as_str()),
            ("cy", y.as_str()),
            ("r", radius.as_str()),
        ];
        self.drawn
            .push(element("circle", &attributes, element("title", &[], tip)));
    }

    /// The drawing, which shows what `description` says.
    #[must_use]
    pub fn finish(self, description: &str) -> Html {
        let viewport = format!("0 0 {WIDTH} {HEIGHT}");
        let attributes = [
            ("class", "plot"),
            ("viewBox", viewport.as_str()),
            ("role", "img"),
            ("aria-label", description),
        ];
        element(
            "svg",
            &attributes,
            element("title", &[], description) + self.drawn,
        )
    }

    fn path(&mut self, class: &'static str, points: &[[f64; 2]], end: &str) {
        let places: Vec<String> = points
            .iter()
            .map(|[x, y]| format!("{} {}", at(self.x(*x)), at(self.y(*y))))
            .collect();
        let d = format!("M{}{end}", places.join("L"));
        if !points.is_empty() {
            self.drawn
                .push(empty("path", &[("class", class), ("d", &d)]));
        }
    }

    fn axes(&mut self, x: &Axis<'_>, y: &Axis<'_>) {
        let (bottom, top) = (at(HEIGHT - BELOW), at(MARGIN));
        let (left, right) = (at(self.left), at(WIDTH - RIGHT));
        for tick in y.ticks(5.0) {
            let height = self.y(tick);
            self.drawn.push(empty(
                "path",
                &[
                    ("class", "grid"),
                    ("d", &format!("M{left} {}H{right}", at(height))),
                ],
            ));
            self.text("end", [self.left - 6.0, height + 4.0], &y.label(tick), "");
        }
        // Numbers stand beside each other, so there are as many as have room.
        let widest = x
            .ticks(5.0)
            .iter()
            .map(|tick| x.label(*tick).chars().count())
            .max()
            .unwrap_or(1);
        let room = (WIDTH - self.left) / (DIGIT * (widest as f64 + 2.5));
        for tick in x.ticks(room.clamp(1.0, 5.0)) {
            let place = self.x(tick);
            self.drawn.push(empty(
                "path",
                &[
                    ("class", "grid"),
                    ("d", &format!("M{} {top}V{bottom}", at(place))),
                ],
            ));
            self.text("middle", [place, HEIGHT - BELOW + 16.0], &x.label(tick), "");
        }
        let middle = f64::midpoint(self.left, WIDTH - RIGHT);
        self.text("middle", [middle, HEIGHT - 6.0], x.name, "");
        let middle = f64::midpoint(MARGIN, HEIGHT - BELOW);
        self.text(
            "middle",
            [12.0, middle],
            y.name,
            &format!("rotate(-90 12 {})", at(middle)),
        );
    }

    fn text(&mut self, anchor: &str, [x, y]: [f64; 2], text: &str, transform: &str) {
        let (x, y) = (at(x), at(y));
        let mut attributes = vec![
            ("text-anchor", anchor),
            ("x", x.as_str()),
            ("y", y.as_str()),
        ];
        if !transform.is_empty() {
            attributes.push(("transform", transform));
        }
        self.drawn.push(element("text", &attributes, text));
    }
}

/// Which part of `range` lies before `number`, from 0 to 1.
fn part(number: f64, [low, high]: [f64; 2]) -> f64 {
    let part = (number - low) / (high - low);
    if part.is_nan() {
        0.0
    } else {
        part.clamp(0.0, 1.0)
    }
}
