//! Single trees on data small enough to work out by hand.

use crate::bins::{Binned, Column};
use crate::boost::fit;
use crate::loss::Loss;
use crate::settings::Settings;
use crate::tree::{Left, Node, Tree};

fn settings(leaves: usize) -> Settings {
    Settings {
        rate: 1.0,
        leaves,
        columns: 1.0,
        rows: 1.0,
        l2: 1.0,
        leaf_rows: 1,
        extra: false,
        rounds: 1,
        patience: 1,
        seed: 1,
    }
}

fn tree(columns: &[Column<'_>], targets: &[f32], settings: &Settings) -> Tree {
    let rows: Vec<u32> = (0..targets.len() as u32).collect();
    let data = Binned::new(columns, &rows);
    let mut booster = fit(&data, targets, None, &rows, Loss::Squared, settings);
    booster.rounds.remove(0).remove(0)
}

fn root(tree: &Tree) -> &Left {
    match &tree.nodes[0] {
        Node::Split { left, .. } => left,
        leaf @ Node::Leaf(_) => panic!("{leaf:?}"),
    }
}

#[track_caller]
fn assert_nodes(tree: &Tree, expected: &[Node]) {
    assert_eq!(tree.nodes.len(), expected.len(), "{tree:?}");
    for (node, expected) in tree.nodes.iter().zip(expected) {
        match (node, expected) {
            (Node::Leaf(value), Node::Leaf(expected)) => {
                assert!((value - expected).abs() < 1e-12, "{tree:?}");
            }
            _ => assert_eq!(node, expected),
        }
    }
}

#[test]
fn a_step_is_found() {
    let x = [1.0, 2.0, 3.0].map(|x| [x; 3]).concat();
    let y = [0.0, 0.0, 6.0].map(|y| [y; 3]).concat();
    // The mean is 2, so the sums of the gradients are 12 in 6 rows and −12 in 3 rows.
    let expected = [
        Node::Split {
            column: 0,
            left: Left::UpTo(2, true),
            children: [1, 2],
        },
        Node::Leaf(-12.0 / 7.0),
        Node::Leaf(12.0 / 4.0),
    ];
    assert_nodes(&tree(&[Column::Numbers(&x)], &y, &settings(2)), &expected);
}

#[test]
fn the_leaf_that_gains_most_is_split_next() {
    let first = [0.0, 0.0, 1.0, 1.0].map(|x| [x; 3]).concat();
    let second = [0.0, 1.0, 0.0, 1.0].map(|x| [x; 3]).concat();
    let y = [-10.0, -8.0, 4.0, 14.0].map(|y| [y; 3]).concat();
    let columns = [Column::Numbers(&first), Column::Numbers(&second)];
    let expected = [
        Node::Split {
            column: 0,
            left: Left::UpTo(1, false),
            children: [1, 2],
        },
        Node::Leaf(-54.0 / 7.0),
        Node::Split {
            column: 1,
            left: Left::UpTo(1, false),
            children: [3, 4],
        },
        Node::Leaf(12.0 / 4.0),
        Node::Leaf(42.0 / 4.0),
    ];
    assert_nodes(&tree(&columns, &y, &settings(3)), &expected);
    // With the regularisation, −10 and −8 are better off in one leaf.
    for leaves in 1..6 {
        let grown = tree(&columns, &y, &settings(leaves)).nodes;
        assert_eq!(grown.len(), 2 * leaves.min(3) - 1);
    }
}

#[test]
fn leaves_keep_enough_rows() {
    let x = [1.0, 2.0, 3.0].map(|x| [x; 3]).concat();
    let y = [0.0, 0.0, 6.0].map(|y| [y; 3]).concat();
    let nodes = |leaf_rows| {
        let settings = Settings {
            leaf_rows,
            ..settings(3)
        };
        tree(&[Column::Numbers(&x)], &y, &settings).nodes.len()
    };
    assert_eq!([nodes(3), nodes(4), nodes(5)], [3, 1, 1]);
}

#[test]
fn missing_values_go_where_they_fit() {
    let x = [1.0, 2.0, f32::NAN].map(|x| [x; 3]).concat();
    let column = [Column::Numbers(&x)];
    let of = |y: [f32; 3]| tree(&column, &y.map(|y| [y; 3]).concat(), &settings(2));
    assert_eq!(root(&of([0.0, 9.0, 9.0])), &Left::UpTo(1, false));
    assert_eq!(root(&of([0.0, 9.0, 0.0])), &Left::UpTo(1, true));
    assert_eq!(root(&of([9.0, 9.0, 0.0])), &Left::UpTo(2, false));
}

#[test]
fn few_categories_are_each_held_against_the_others() {
    let codes = [0, 1, 2, u32::MAX].map(|code| [code; 3]).concat();
    let column = [Column::Categories(&codes)];
    for (bin, y) in [(2, [0.0, 9.0, 0.0, 0.0]), (0, [0.0, 0.0, 0.0, 9.0])] {
        let tree = tree(&column, &y.map(|y| [y; 3]).concat(), &settings(2));
        assert_eq!(root(&tree), &Left::Set([1 << bin, 0, 0, 0]));
    }
}

#[test]
fn many_categories_part_in_two_sets() {
    // Categories 0, 3, 6, … are high; all have 12 rows.
    let codes: Vec<u32> = (0..90 * 12).map(|row| row % 90).collect();
    let y: Vec<f32> = codes
        .iter()
        .map(|code| {
            if code % 3 == 0 {
                9.0
            } else {
                *code as f32 * 0.01
            }
        })
        .collect();
    let tree = tree(&[Column::Categories(&codes)], &y, &settings(2));
    // Thirty categories are on the left, in bins from 1 on.
    let mut expected = [0; 4];
    for bin in (1..=90).step_by(3) {
        expected[bin / 64] |= 1 << (bin % 64);
    }
    assert_eq!(root(&tree), &Left::Set(expected));
}

#[test]
fn a_set_is_the_same_as_its_bits() {
    let sets = [
        Left::UpTo(1, false),
        Left::UpTo(63, true),
        Left::UpTo(64, false),
        Left::UpTo(255, true),
    ];
    for left in sets.into_iter().chain([Left::Set([1, 2, 3, 1 << 63])]) {
        let set = Left::Set(left.bits());
        for bin in 0..=u8::MAX {
            assert_eq!(left.takes(bin), set.takes(bin), "{left:?} {bin}");
        }
    }
    assert!(
        !Left::UpTo(1, false).takes(0)
            && Left::UpTo(1, false).takes(1)
            && !Left::UpTo(1, true).takes(2)
    );
}

#[test]
fn a_table_without_columns_or_rows_gives_a_leaf() {
    assert_eq!(tree(&[], &[], &settings(4)).nodes, [Node::Leaf(0.0)]);
    assert_eq!(
        tree(&[Column::Numbers(&[])], &[], &settings(4)).nodes,
        [Node::Leaf(0.0)]
    );
    assert_nodes(&tree(&[], &[1.0, 3.0], &settings(4)), &[Node::Leaf(0.0)]);
}
