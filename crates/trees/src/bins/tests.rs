use super::*;

fn all(rows: usize) -> Vec<u32> {
    (0..rows as u32).collect()
}

#[test]
fn numbers_are_cut_between_values() {
    let numbers = [1.0, 2.0, 2.0, 1.0, 4.0, f32::NAN, 4.0, 1.0, 2.0, 4.0];
    let binned = Binned::new(&[Column::Numbers(&numbers)], &all(10));
    let edges = vec![1.5, 3.0];
    assert_eq!(
        binned.values().collect::<Vec<_>>(),
        [&Values::Numbers { edges }]
    );
    assert_eq!(
        binned.bins(0),
        Some([1, 2, 2, 1, 3, 0, 3, 1, 2, 3].as_slice())
    );
    assert_eq!(binned.bins(1), None);
    assert_eq!(binned.rows(), 10);
}

#[test]
fn edges_belong_to_the_lower_bin() {
    let numbers = [0.0, 0.0, 0.0, 2.0, 2.0, 2.0];
    let binned = Binned::new(&[Column::Numbers(&numbers)], &all(6));
    let others = [-9.0, 1.0, 1.001, f32::INFINITY, f32::NEG_INFINITY];
    assert_eq!(
        binned.apply(&[Column::Numbers(&others)]).bins(0),
        Some([1, 1, 2, 2, 1].as_slice())
    );
}

#[test]
fn neighbouring_floats_are_told_apart() {
    let low = 1.0_f32;
    let numbers = [low, low, low, low.next_up(), low.next_up(), low.next_up()];
    let binned = Binned::new(&[Column::Numbers(&numbers)], &all(6));
    assert_eq!(binned.bins(0), Some([1, 1, 1, 2, 2, 2].as_slice()));
}

#[test]
fn many_numbers_get_bins_of_about_as_many_rows() {
    let numbers: Vec<f32> = (0..10_000).map(|row| (row as f32).powi(2)).collect();
    let binned = Binned::new(&[Column::Numbers(&numbers)], &all(10_000));
    let values = binned.values().next().unwrap();
    let mut counts = vec![0; values.bins()];
    for bin in binned.bins(0).unwrap() {
        counts[usize::from(*bin)] += 1;
    }
    assert!(
        counts.len() > 240 && counts.len() <= MOST,
        "{}",
        counts.len()
    );
    assert_eq!(counts[0], 0);
    assert!(
        counts[1..].iter().all(|count| (3..=80).contains(count)),
        "{counts:?}"
    );
}

#[test]
fn only_fitted_rows_decide() {
    let numbers = [0.0, 0.0, 0.0, 2.0, 2.0, 2.0, 7.0, 7.0, 7.0];
    let codes = [0, 0, 0, 1, 1, 1, 2, 2, 2];
    let columns = [Column::Numbers(&numbers), Column::Categories(&codes)];
    let binned = Binned::new(&columns, &[1, 2, 0, 3, 4, 5, 6]);
    assert_eq!(binned.bins(0), Some([1, 1, 1, 2, 2, 2, 2, 2, 2].as_slice()));
    assert_eq!(binned.bins(1), Some([1, 1, 1, 2, 2, 2, 0, 0, 0].as_slice()));
}

#[test]
fn categories_are_ordered_by_frequency_and_others_are_missing() {
    // Category 9 is the most frequent, 4 and 6 are equals, 5 is rare and 7 is unseen.
    let codes = [4, 9, 9, 6, 5, 9, 4, u32::MAX, 6, u32::MAX];
    let binned = Binned::new(&[Column::Categories(&codes)], &all(10));
    let categories = vec![9, 4, 6];
    assert_eq!(
        binned.values().collect::<Vec<_>>(),
        [&Values::Categories { categories }]
    );
    assert_eq!(
        binned.bins(0),
        Some([2, 1, 1, 3, 0, 1, 2, 0, 3, 0].as_slice())
    );
    let others = binned.apply(&[Column::Categories(&[7, 6, u32::MAX - 1, u32::MAX])]);
    assert_eq!(others.bins(0), Some([0, 3, 0, 0].as_slice()));
}

#[test]
fn large_tables_need_ten_rows_of_a_category() {
    let codes: Vec<u32> = (0..1000)
        .map(|row| {
            if row < 10 {
                1
            } else if row < 19 {
                2
            } else {
                3
            }
        })
        .collect();
    let binned = Binned::new(&[Column::Categories(&codes)], &all(1000));
    let categories = vec![3, 1];
    assert_eq!(
        binned.values().collect::<Vec<_>>(),
        [&Values::Categories { categories }]
    );
}

#[test]
fn at_most_255_categories_are_kept() {
    let codes: Vec<u32> = (0..300 * 20).map(|row| row % 300).collect();
    let binned = Binned::new(&[Column::Categories(&codes)], &all(codes.len()));
    assert_eq!(binned.values().map(Values::bins).collect::<Vec<_>>(), [256]);
    let bins = binned.bins(0).unwrap();
    assert_eq!([bins[0], bins[254], bins[255], bins[299]], [1, 255, 0, 0]);
}

#[test]
fn the_wrong_columns_are_missing() {
    let numbers = [0.0, 0.0, 0.0, 2.0, 2.0, 2.0];
    let codes = [0, 0, 0, 1, 1, 1];
    let binned = Binned::new(
        &[Column::Numbers(&numbers), Column::Categories(&codes)],
        &all(6),
    );
    let other = binned.apply(&[Column::Categories(&codes)]);
    assert_eq!([other.bins(0), other.bins(1)], [Some([0; 6].as_slice()); 2]);
    let same = binned.apply(&[Column::Numbers(&numbers), Column::Categories(&codes)]);
    assert_eq!(
        [same.bins(0), same.bins(1)],
        [binned.bins(0), binned.bins(1)]
    );
}
