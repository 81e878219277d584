//! Strokes of a pen.

use core::array::from_fn;

use datasets::mnist::{MAXIMUM, SIDE};

/// The grey value of full ink.
pub const FULL: f32 = MAXIMUM as f32;

/// Points of a stroke at which it is drawn.
const STEPS: usize = 24;

/// Draws a stroke of full ink into `pixels`, grey values from 0 to 255, row by row: a quadratic Bézier curve from
/// the first of `points` to the last, drawn towards the second. Points are `[across, down]` in pixels from the top
/// left corner; the stroke reaches `radius` pixels to each side, and has an edge of one pixel.
pub fn draw(pixels: &mut [f32], points: [[f32; 2]; 3], radius: f32) {
    let [from, over, to] = points;
    for step in 0..=STEPS {
        let share = step as f32 / STEPS as f32;
        let rest = 1.0 - share;
        let [x, y]: [f32; 2] = from_fn(|axis| {
            rest * rest * from[axis] + 2.0 * rest * share * over[axis] + share * share * to[axis]
        });
        for (index, value) in pixels.iter_mut().enumerate() {
            let across = (index % SIDE) as f32 + 0.5 - x;
            let down = (index / SIDE) as f32 + 0.5 - y;
            let ink = (radius + 0.5 - across.hypot(down)).clamp(0.0, 1.0);
            *value = f32::max(*value, ink * FULL);
        }
    }
}
