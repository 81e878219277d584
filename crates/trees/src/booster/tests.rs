use super::*;
use crate::bins::Column;
use crate::boost::fit;
use crate::settings::Settings;

#[test]
fn the_score_of_an_average_is_the_mean() {
    let x: Vec<f32> = (0..90).map(|row| (row * 37 % 90) as f32).collect();
    let y: Vec<f32> = x.iter().map(|x| (x / 20.0).sin()).collect();
    let rows: Vec<u32> = (0..90).collect();
    let data = Binned::new(&[Column::Numbers(&x)], &rows);
    let settings = Settings {
        rate: 0.3,
        leaves: 4,
        columns: 1.0,
        rows: 0.8,
        l2: 1.0,
        leaf_rows: 3,
        extra: false,
        rounds: 4,
        patience: 4,
        seed: 1,
    };
    let part = |rows: &[u32], rounds| {
        let settings = Settings {
            rounds,
            ..settings.clone()
        };
        fit(&data, &y, None, rows, Loss::Squared, &settings)
    };
    let parts = [part(&rows[..60], 4), part(&rows[30..], 2), part(&rows, 0)];
    let average = Booster::average(&parts.each_ref());
    assert_eq!(average.rounds.len(), 6);
    assert_eq!(
        average.nodes(),
        parts.iter().map(Booster::nodes).sum::<usize>()
    );
    for row in 0..90 {
        let mean = parts
            .iter()
            .map(|part| part.scores(&data, row)[0])
            .sum::<f64>()
            / 3.0;
        assert!((average.scores(&data, row)[0] - mean).abs() < 1e-12);
    }
}

#[test]
fn an_average_of_nothing_answers_0() {
    let average = Booster::average(&[]);
    assert_eq!(average.scores(&Binned::new(&[], &[]), 0), [0.0]);
    assert_eq!(average.nodes(), 0);
}
