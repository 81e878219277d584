use burn::tensor::Device;
use model::Transform;

use super::*;
use crate::check::Check;
use crate::check::tests::file;
use crate::init::linear;
use crate::random::Random;
use crate::settings::Settings;
use crate::task::Classes;

/// Rows that learn.
const ROWS: usize = 60;

/// Numbers from −1 to 1 and whether they are above 0.
struct Signs {
    task: Classes,
    again: bool,
}

impl Signs {
    fn new(again: bool) -> Self {
        let labels = (0..ROWS).map(|row| usize::from(Self::number(row) > 0.0));
        Self {
            task: Classes::new(&["minus", "plus"], labels.collect()),
            again,
        }
    }

    fn number(row: usize) -> f32 {
        ((row * 7) % ROWS) as f32 / 30.0 - 0.99
    }
}

impl Learner for Signs {
    const KINDS: usize = 2;

    type Task = Classes;

    fn task(&self) -> &Classes {
        &self.task
    }

    fn learns_again(&self, rows: usize) -> bool {
        assert_eq!(rows, 50);
        self.again
    }

    fn inputs(&self, rows: &[usize]) -> Vec<f32> {
        rows.iter().map(|row| Self::number(*row)).collect()
    }

    fn model(&self, _: usize, _: &[usize], random: &mut Random, device: &Device) -> Network {
        Network::new("Toy").then("linear", linear(1, 2, random, device))
    }
}

/// Counts the networks, and interrupts at the first step of one of them.
struct Count {
    networks: usize,
    interrupts: usize,
}

impl Observer for Count {
    fn network(&mut self) {
        self.networks += 1;
    }

    fn step(&mut self, _: usize, _: usize, _: usize) -> Progress {
        match self.networks == self.interrupts {
            true => Progress::Interrupt,
            false => Progress::Continue,
        }
    }
}

/// The committee of a short run, unless it is interrupted, and how many networks learnt beside the first.
fn formed(again: bool, interrupts: usize) -> (Option<Committee>, usize, Vec<f32>) {
    let signs = Signs::new(again);
    let settings = Settings {
        epochs: 3,
        batch_size: 8,
        learning_rate: 0.1,
        calibrated: true,
        ..Settings::default()
    };
    let (train, validation): (Vec<_>, Vec<_>) = ((0..40).collect(), (40..50).collect());
    let run = Run {
        algorithm: &signs,
        settings: &settings,
        device: &Device::flex(),
        train: &train,
        validation: &validation,
    };
    let mut state = run.start();
    let mut count = Count {
        networks: 0,
        interrupts: usize::MAX,
    };
    run.train(&mut state, &mut count).unwrap();
    count.interrupts = interrupts;
    let committee = Committee::form(&run, &state, &mut count).unwrap();
    let scores = committee
        .as_ref()
        .map(|committee| committee.scores(&run, &[50, 51, 52, 53]));
    (committee, count.networks, scores.unwrap_or_default())
}

#[test]
fn a_module_answers_as_the_networks_together() {
    let (committee, networks, scores) = formed(false, usize::MAX);
    let committee = committee.unwrap();
    assert_eq!((networks, committee.epochs), (1, 3));
    let shares: f64 = committee.members.iter().map(|member| member.share).sum();
    assert!((shares - 1.0).abs() < 1e-9);
    assert_eq!(committee.members.len(), 2);
    assert_eq!(committee.validation.len(), 20);
    let bytes = file("number", [-1.0, 1.0], Transform::Identity, |output| {
        committee.freeze(output)
    });
    let mut check = Check::new(&bytes).unwrap();
    for (row, scores) in (50..54).zip(scores.chunks_exact(2)) {
        let json = format!("{{\"number\": {}}}", Signs::number(row));
        check.row(row, &json, scores).unwrap();
    }
}

#[test]
fn with_few_rows_all_learn_again() {
    let (once, _, _) = formed(false, usize::MAX);
    let (again, networks, _) = formed(true, usize::MAX);
    let (once, again) = (once.unwrap(), again.unwrap());
    assert_eq!((networks, again.epochs), (3, 9));
    // What the validation rows have decided stays.
    assert_eq!(once.validation, again.validation);
    for (once, again) in once.members.iter().zip(&again.members) {
        assert_eq!(once.temperature.to_bits(), again.temperature.to_bits());
        assert_eq!(once.share.to_bits(), again.share.to_bits());
        let weights = |model: &Network| crate::parameters::read(model);
        assert_ne!(weights(&once.model), weights(&again.model));
    }
}

#[test]
fn an_interrupt_ends_it() {
    for interrupts in [1, 2, 3] {
        let (committee, networks, _) = formed(true, interrupts);
        assert!(committee.is_none());
        assert_eq!(networks, interrupts);
    }
}
