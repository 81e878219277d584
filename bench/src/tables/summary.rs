//! The figures of all tables, for the README.

use anyhow::Result;

use super::ours::Ours;
use super::rivals::{BOOSTED, LINEAR, NAMES, Rivals};
use super::table::Table;

/// A log-loss below this is as good as none: ratios of such losses say nothing.
const NEGLIGIBLE: f64 = 0.001;

/// Ratios of our loss to those of others, a table each.
#[derive(Debug, Default)]
pub struct Summary {
    to_boosted: Vec<f64>,
    to_best: Vec<f64>,
    to_linear: Vec<f64>,
    left_out: Vec<String>,
}

impl Summary {
    /// Prints the header of the table.
    pub fn begin() -> Self {
        println!(
            "Log-loss of classes, root mean squared error of numbers; means over five folds. Accuracy in %, R² and AUC: \
             ours / hist-GBM's. Seconds: a whole training run of ours / fitting of hist-GBM alone. KiB: the largest module.\n"
        );
        println!(
            "| table                | rows  | columns | ours   | hist-GBM | forest | linear | MLP    | to best | accuracy or R²  | AUC             | seconds     | KiB |"
        );
        println!(
            "|----------------------|-------|---------|--------|----------|--------|--------|--------|---------|-----------------|-----------------|-------------|-----|"
        );
        Self::default()
    }

    /// Prints the line of a table.
    pub fn add(&mut self, table: &Table, ours: &Ours, rivals: &Rivals) -> Result<()> {
        let losses = NAMES.map(|name| Ok(rivals.model(name)?.scores.loss));
        let losses: Vec<f64> = losses.into_iter().collect::<Result<_>>()?;
        let boosted = rivals.model(BOOSTED)?;
        let best = losses.iter().copied().fold(f64::INFINITY, f64::min);
        let loss = ours.scores.loss;
        let is_negligible = !rivals.is_number && best < NEGLIGIBLE;
        let ratio = match is_negligible {
            true => "–".into(),
            false => format!("{:.3}", loss / best),
        };
        if is_negligible {
            self.left_out.push(table.name.clone());
        } else {
            self.to_best.push(loss / best);
            self.to_boosted.push(loss / boosted.scores.loss);
            self.to_linear
                .push(loss / rivals.model(LINEAR)?.scores.loss);
        }
        let quality = match rivals.is_number {
            true => pair(ours.scores.quality, boosted.scores.quality, 4),
            false => pair(
                100.0 * ours.scores.quality,
                100.0 * boosted.scores.quality,
                2,
            ),
        };
        let auc = match (ours.scores.auc, boosted.scores.auc) {
            (Some(ours), Some(theirs)) => pair(ours, theirs, 4),
            _ => "–".into(),
        };
        let losses: Vec<String> = losses.into_iter().map(shown).collect();
        let [boosted_loss, forest, linear, network] = losses.as_slice() else {
            anyhow::bail!("four models of scikit-learn were measured");
        };
        println!(
            "| {:<20} | {:>5} | {:>7} | {:>6} | {boosted_loss:>8} | {forest:>6} | {linear:>6} | {network:>6} | {ratio:>7} | {quality:>15} | {auc:>15} | {:>11} | {:>3} |",
            table.name,
            table.rows(),
            table.columns(),
            shown(loss),
            pair(ours.seconds, boosted.seconds, 1),
            ours.bytes.div_ceil(1024)
        );
        Ok(())
    }

    /// Prints what all tables come to.
    pub fn finish(&self) {
        let below = self.to_boosted.iter().filter(|ratio| **ratio < 1.0).count();
        let largest = |ratios: &[f64]| ratios.iter().copied().fold(0.0, f64::max);
        let logarithms: f64 = self.to_best.iter().map(|ratio| ratio.ln()).sum();
        let mean = (logarithms / self.to_best.len() as f64).exp();
        println!(
            "\nBelow hist-GBM on {below} of {} tables; ratio to the best of the four: geometric mean {mean:.3}, worst {:.3}; \
             worst ratio to linear {:.3}.{}",
            self.to_boosted.len(),
            largest(&self.to_best),
            largest(&self.to_linear),
            self.words_on_left_out()
        );
    }

    fn words_on_left_out(&self) -> String {
        match self.left_out.as_slice() {
            [] => String::new(),
            names => format!(
                " Left out of these, as the best log-loss is below {NEGLIGIBLE}: {}.",
                names.join(", ")
            ),
        }
    }
}

/// Five digits that count, but no more than four places.
fn shown(loss: f64) -> String {
    let places = match loss {
        10_000.0.. => 0,
        1000.0.. => 1,
        100.0.. => 2,
        10.0.. => 3,
        _ => 4,
    };
    format!("{loss:.places$}")
}

fn pair(ours: f64, theirs: f64, places: usize) -> String {
    format!("{ours:.places$} / {theirs:.places$}")
}
