//! Speed.
use std::time::Instant;
use fused::cpu::*;
use fused::Geometry;
fn main() {
    let n = 64;
    for (h, c, k) in [(28, 1, 8), (26, 8, 16), (24, 16, 24)] {
        let g = Geometry { height: h, width: h, channels: c, filters: k };
        let input: Vec<f32> = (0..n * g.inputs()).map(|i| ((i * 7919) % 1000) as f32 / 500.0 - 1.0).collect();
        let weight: Vec<f32> = (0..g.taps() * k).map(|i| ((i * 104729) % 1000) as f32 / 2000.0 - 0.25).collect();
        let (gamma, beta) = (vec![1.0; k], vec![0.0; k]);
        let p = Parameters { weight: &weight, gamma: &gamma, beta: &beta };
        let flops = 2.0 * (n * g.outputs() * g.taps()) as f64;
        let mut best = [f64::MAX; 3];
        for _ in 0..30 {
            let t = Instant::now();
            let pr = predict(g, &input, &weight, &beta);
            best[0] = best[0].min(t.elapsed().as_secs_f64());
            std::hint::black_box(pr);
            let t = Instant::now();
            let f = forward(g, &input, p, 1e-5);
            best[1] = best[1].min(t.elapsed().as_secs_f64());
            let dy = f.output.clone();
            let t = Instant::now();
            let b = backward(g, &input, p, &f, dy, c > 1);
            best[2] = best[2].min(t.elapsed().as_secs_f64());
            std::hint::black_box(b);
        }
        println!("{g:?} predict {:.3} ms ({:.1} GF/s) forward {:.3} ms backward {:.3} ms ({:.1} GF/s)", best[0]*1e3, flops/best[0]/1e9, best[1]*1e3, best[2]*1e3, flops*(if c>1 {2.0} else {1.0})/best[2]/1e9);
    }
}
