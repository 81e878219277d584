//! Where the time of a training step goes, part by part, and the least that it could be on this machine.
//!
//! The floor of a part is what its arithmetic takes at the rate of fused multiply-adds that the cores reach,
//! or what its numbers take to come from memory and go there once, whichever is longer. Both rates are
//! measured first. What is smaller than the caches can be quicker than memory allows.
//!
//! ```console
//! $ cargo run --release -p fused --features flex --example profile
//! ```
//!
//! `RAYON_NUM_THREADS` sets the number of threads.

#![allow(
    clippy::inline_always,
    reason = "what is not inlined is not compiled for the caller's vectors"
)]

use std::hint::black_box;
use std::time::Instant;

use burn_cpu_ops::cpu::adam::{adam, average};
use burn_cpu_ops::cpu::{self, Parameters, bags, cosine, dropout, linear, windows};
use burn_cpu_ops::parallel::{map, map_pieces, threads};
use burn_cpu_ops::{AdamStep, Bags, Geometry, Mask, Texts};
use fearless_simd::{Level, Simd, dispatch};
use kernels::{KERNEL_POSITIONS, WINDOW_WIDTHS};
use kernels::{LANES, Vector, multiply_add, splat};

/// Runs of each part, of which the median counts, after one that does not.
const RUNS: usize = 31;
/// Bytes of a number.
const NUMBER: f64 = 4.0;

fn main() {
    // Memory that is given back is kept by the allocator from here on, as in a long training run.
    drop(black_box(vec![1_u8; 31 << 20]));
    let rates = Rates::measure();
    println!(
        "{} threads: {:.0} GFLOP/s, {:.1} GB/s",
        threads(),
        rates.flops / 1e9,
        rates.bytes / 1e9
    );
    rates.table("MNIST, 64 images", &mnist());
    rates.table("AG News, 256 articles", &news());
    rates.table("Wine quality, 128 wines", &wine());
}

/// A part of a step.
struct Part {
    name: String,
    seconds: f64,
    /// Multiplications and additions.
    flops: f64,
    /// Numbers that come from memory or go there.
    numbers: f64,
}

impl Part {
    fn new(name: &str, flops: usize, numbers: usize, run: impl FnMut()) -> Self {
        Self {
            name: name.to_owned(),
            seconds: median_seconds(run),
            flops: flops as f64,
            numbers: numbers as f64,
        }
    }
}

fn median_seconds(mut run: impl FnMut()) -> f64 {
    run();
    let mut seconds = [0.0; RUNS];
    for seconds in &mut seconds {
        let start = Instant::now();
        run();
        *seconds = start.elapsed().as_secs_f64();
    }
    seconds.sort_by(f64::total_cmp);
    seconds[RUNS / 2]
}

/// What the machine can do in a second.
struct Rates {
    flops: f64,
    bytes: f64,
}

impl Rates {
    fn measure() -> Self {
        const STEPS: usize = 1 << 20;
        /// Enough to keep two units busy for as long as a sum takes.
        const SUMS: usize = 10;
        let flops = (2 * STEPS * SUMS * LANES * threads()) as f64;
        let seconds = median_seconds(|| {
            black_box(map(
                0..threads(),
                |_| dispatch!(Level::new(), simd => multiply_adds::<_, SUMS>(simd, STEPS)),
            ));
        });
        // Beyond all caches.
        let mut numbers = vec![1.0_f32; 1 << 26];
        let moved = 2.0 * NUMBER * numbers.len() as f64;
        let touch = median_seconds(|| {
            map_pieces(&mut numbers, 1 << 16, |_, piece| {
                for number in piece {
                    *number += 1.0;
                }
            });
        });
        Self {
            flops: flops / seconds,
            bytes: moved / touch,
        }
    }

    /// Prints the parts, and all together.
    fn table(&self, title: &str, parts: &[Part]) {
        let floor = |part: &Part| {
            (part.flops / self.flops).max(NUMBER * part.numbers / self.bytes) * 1000.0
        };
        println!("\n| {title:<40} | ms     | MFLOP  | MB    | Floor, ms | Of the floor |");
        println!(
            "|------------------------------------------|--------|--------|-------|-----------|--------------|"
        );
        let row = |name: &str, seconds: f64, flops: f64, numbers: f64, floor: f64| {
            println!(
                "| {name:<40} | {:<6.3} | {:<6.1} | {:<5.1} | {floor:<9.3} | {:<12.1} |",
                seconds * 1000.0,
                flops / 1e6,
                NUMBER * numbers / 1e6,
                seconds * 1000.0 / floor
            );
        };
        for part in parts {
            row(
                &part.name,
                part.seconds,
                part.flops,
                part.numbers,
                floor(part),
            );
        }
        let sum = |of: fn(&Part) -> f64| parts.iter().map(of).sum::<f64>();
        row(
            "All",
            sum(|part| part.seconds),
            sum(|part| part.flops),
            sum(|part| part.numbers),
            parts.iter().map(floor).sum(),
        );
    }
}

#[inline(always)]
fn multiply_adds<S: Simd, const N: usize>(simd: S, steps: usize) -> f32 {
    let mut sums = [splat(simd, black_box(1.0)); N];
    let (factor, summand) = (splat(simd, black_box(0.5)), splat(simd, black_box(0.5)));
    for _ in 0..steps {
        for sum in &mut sums {
            *sum = multiply_add::<S, true>(*sum, factor, summand);
        }
    }
    let total = sums.into_iter().reduce(|total, sum| total + sum);
    let lanes: [f32; LANES] = total.map_or([0.0; LANES], Vector::<S>::into);
    lanes.iter().sum()
}

/// Numbers from −1 to 1.
fn numbers(count: usize) -> Vec<f32> {
    (0..count)
        .map(|i| (i * 7919 % 2003) as f32 / 1001.5 - 1.0)
        .collect()
}

fn mnist() -> Vec<Part> {
    const IMAGES: usize = 64;
    const OUTPUTS: usize = 32;
    let mut parts = Vec::new();
    let (mut side, mut channels, mut trained) = (28, 1, 0);
    for (index, filters) in [8, 16, 24].into_iter().enumerate() {
        let geometry = Geometry {
            height: side,
            width: side,
            channels,
            filters,
        };
        let weight = numbers(geometry.taps() * filters);
        let parameters = Parameters {
            weight: &weight,
            gamma: &vec![1.0; filters],
            beta: &vec![0.0; filters],
        };
        let input = numbers(IMAGES * geometry.inputs());
        let (ins, outs) = (input.len(), IMAGES * geometry.outputs());
        let name = format!("Block {}: {channels} to {filters} filters", index + 1);
        let convolution = 2 * geometry.taps() * outs;
        // The convolution goes to memory and comes back: its mean has to be known.
        parts.push(Part::new(
            &format!("{name}, forwards"),
            convolution,
            ins + 3 * outs,
            || {
                black_box(cpu::forward(geometry, &input, parameters, 1e-5));
            },
        ));
        let saved = cpu::forward(geometry, &input, parameters, 1e-5);
        let gradient = numbers(outs);
        // The first block's input learns nothing.
        let wanted = index > 0;
        let products = 1 + usize::from(wanted);
        let moved = ins * products + 5 * outs;
        parts.push(Part::new(
            &format!("{name}, backwards"),
            products * convolution,
            moved,
            || {
                let gradient = gradient.clone();
                black_box(cpu::backward(
                    geometry, &input, parameters, &saved, gradient, wanted,
                ));
            },
        ));
        trained += weight.len() + 2 * filters;
        (side, channels) = (side - 2, filters);
    }
    let inputs = side * side * channels;
    let input = numbers(IMAGES * inputs);
    let weight = numbers(inputs * OUTPUTS);
    let gradient = numbers(IMAGES * OUTPUTS);
    let shape = [inputs, OUTPUTS];
    let product = 2 * IMAGES * inputs * OUTPUTS;
    let mask = Mask {
        bytes: (0..input.len()).map(|i| (i * 37 % 251) as u8).collect(),
        dropped: 128,
        scale: 2.0,
    };
    let mut dropped = input.clone();
    parts.push(Part::new(
        "Dropout, both ways",
        2 * input.len(),
        9 * input.len() / 2,
        || {
            dropout::apply(&mask, &mut dropped);
            dropout::apply(&mask, &mut dropped);
        },
    ));
    let moved = input.len() + weight.len();
    parts.push(Part::new(
        "Wide linear layer, forwards",
        product,
        moved,
        || {
            black_box(linear::forward(&input, &weight, shape));
        },
    ));
    parts.push(Part::new(
        "Wide linear layer, backwards",
        2 * product,
        2 * moved,
        || {
            black_box(linear::input_gradient(&weight, &gradient, shape));
            black_box(linear::weight_gradient(&input, &gradient, shape));
        },
    ));
    trained += weight.len() + OUTPUTS * 10;
    parts.push(optimiser(trained));
    parts
}

/// A step of Adam on so many numbers, and of the moving average.
fn optimiser(trained: usize) -> Part {
    let step = AdamStep {
        betas: [0.9, 0.999],
        rate: 1e-3,
        epsilon: 1e-8,
        decay: 0.999,
    };
    let gradient = numbers(trained);
    let (mut weight, mut first, mut old) = (numbers(trained), numbers(trained), numbers(trained));
    let mut second = vec![1.0; trained];
    // A quotient and a root count for one.
    Part::new("Adam, moving average", 16 * trained, 10 * trained, || {
        adam(step, &mut weight, &gradient, [&mut first, &mut second]);
        average(0.999, &mut old, &weight);
    })
}

fn news() -> Vec<Part> {
    const TEXTS: usize = 256;
    const LENGTH: usize = 40;
    const GRAMS: usize = 100;
    const KNOWN: usize = 224 * 1024;
    const CLASSES: usize = 4;
    const WORDS: usize = 32 * 1024;
    const READERS: usize = 3;
    const SIZE: usize = 16;
    const FILTERS: usize = 32;
    let ends = |length: usize| (1..=TEXTS).map(|text| (text * length) as u32).collect();
    let texts = Texts {
        words: (0..TEXTS * LENGTH)
            .map(|i| (i * 7919 % WORDS) as u32)
            .collect(),
        ends: ends(LENGTH),
    };
    let (word, window) = (
        numbers(WORDS * SIZE),
        numbers(SIZE * KERNEL_POSITIONS * FILTERS),
    );
    let bias = numbers(WINDOW_WIDTHS * FILTERS);
    let weights = windows::Weights {
        word: &word,
        window: &window,
        bias: &bias,
    };
    let columns = WINDOW_WIDTHS * FILTERS;
    let read = TEXTS * LENGTH * SIZE + window.len();
    let multiplied = 2 * TEXTS * LENGTH * SIZE * KERNEL_POSITIONS * FILTERS;
    let found = windows::forward(weights, &texts);
    let slopes = numbers(TEXTS * columns);
    // Each strongest window has one, two or three words.
    let back = 4 * TEXTS * KERNEL_POSITIONS * FILTERS * SIZE;
    let forwards = Part::new(
        "Windows of three readers, forwards",
        READERS * multiplied,
        READERS * (read + TEXTS * columns),
        || {
            for _ in 0..READERS {
                black_box(windows::forward(weights, &texts));
            }
        },
    );
    let backwards = Part::new(
        "Windows of three readers, backwards",
        READERS * back,
        READERS * (read + TEXTS * columns + word.len()),
        || {
            for _ in 0..READERS {
                black_box(windows::backward(weights, &texts, &found, &slopes));
            }
        },
    );
    let (prior, change) = (numbers(KNOWN * CLASSES), numbers(KNOWN * CLASSES));
    let bag = Bags {
        rows: (0..TEXTS * GRAMS)
            .map(|i| (i * 7919 % KNOWN) as u32)
            .collect(),
        shares: vec![0.1; TEXTS * GRAMS],
        ends: ends(GRAMS),
    };
    let slopes = numbers(TEXTS * CLASSES);
    let summed = TEXTS * GRAMS * CLASSES;
    let sums = Part::new(
        "Sums of n-grams, both ways",
        9 * summed,
        4 * summed + prior.len(),
        || {
            black_box(bags::forward(&change, &prior, 2.0, &bag, CLASSES));
            black_box(bags::backward(&prior, 2.0, &bag, &slopes, CLASSES));
        },
    );
    let trained = prior.len() + READERS * (word.len() + window.len() + bias.len());
    vec![forwards, backwards, sums, optimiser(trained)]
}

fn wine() -> Vec<Part> {
    const WINES: usize = 128;
    const INPUTS: usize = 11;
    const COSINES: usize = 512;
    let input = numbers(WINES * COSINES);
    let (mut forward, mut backward) = (input.clone(), input.clone());
    // Reducing, a polynomial, and the sign.
    let flops = (11 + 12 + 10 + 12) * input.len();
    // Two copies come first: what is computed again and again ends in numbers that are slow.
    let cosines = Part::new("Cosines, both ways", flops, 9 * input.len(), || {
        forward.copy_from_slice(&input);
        backward.copy_from_slice(&input);
        cosine::forward(&mut forward);
        cosine::backward(&input, &mut backward);
    });
    vec![cosines, optimiser((INPUTS + 2) * COSINES)]
}
