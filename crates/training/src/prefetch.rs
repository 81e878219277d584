//! Items produced on a thread of their own, before they are needed.

use std::sync::mpsc::sync_channel;
use std::thread;

/// How many items are kept ready.
const READY: usize = 2;

/// Calls `consume` with `items`, and returns what it returns.
///
/// With `on_a_thread` the next item is produced while one is consumed. It is the same item either way.
pub fn prefetch<T: Send, R>(
    on_a_thread: bool,
    mut items: impl Iterator<Item = T> + Send,
    consume: impl FnOnce(&mut dyn Iterator<Item = T>) -> R,
) -> R {
    if !on_a_thread {
        return consume(&mut items);
    }
    thread::scope(|scope| {
        let (sender, receiver) = sync_channel(READY);
        // Sending fails when there is nobody left to consume.
        scope.spawn(move || items.try_for_each(|item| sender.send(item)));
        consume(&mut receiver.into_iter())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_come_in_order_and_need_not_all_be_taken() {
        for on_a_thread in [false, true] {
            let taken = |count: usize| -> Vec<i32> {
                let mut sum = 0;
                let sums = (1..100).map(|item| {
                    sum += item;
                    sum
                });
                prefetch(on_a_thread, sums, |sums| sums.take(count).collect())
            };
            assert_eq!(taken(3), [1, 3, 6]);
            assert_eq!(taken(1000).len(), 99);
        }
    }
}
