//! Orders things so that each comes after what it depends on, and by name where that leaves a choice.

use std::collections::BTreeSet;

/// The order of `depends.len()` things; item k lists what k depends on. A circle is given as the chain around it.
pub(super) fn sorted(depends: &[Vec<usize>]) -> Result<Vec<usize>, Vec<usize>> {
    let mut waits: Vec<BTreeSet<usize>> = depends.iter().map(|d| d.iter().copied().collect()).collect();
    let mut dependents = vec![Vec::new(); depends.len()];
    for (item, needs) in waits.iter().enumerate() {
        for need in needs {
            dependents[*need].push(item);
        }
    }
    let mut ready: BTreeSet<usize> = (0..depends.len()).filter(|item| waits[*item].is_empty()).collect();
    let mut order = Vec::with_capacity(depends.len());
    while let Some(item) = ready.pop_first() {
        order.push(item);
        for dependent in &dependents[item] {
            waits[*dependent].remove(&item);
            if waits[*dependent].is_empty() {
                ready.insert(*dependent);
            }
        }
    }
    if order.len() == depends.len() { Ok(order) } else { Err(circle(&waits)) }
}

/// Follows unmet needs until an item comes again.
fn circle(waits: &[BTreeSet<usize>]) -> Vec<usize> {
    let mut chain = Vec::new();
    let mut at = waits.iter().position(|needs| !needs.is_empty());
    while let Some(item) = at {
        if let Some(first) = chain.iter().position(|known| *known == item) {
            chain.drain(..first);
            chain.push(item);
            return chain;
        }
        chain.push(item);
        at = waits[item].first().copied();
    }
    chain
}

/// `a -> b -> a` for a message.
pub(super) fn chain<'a>(circle: &[usize], name: impl Fn(usize) -> &'a str) -> String {
    circle.iter().map(|item| name(*item)).collect::<Vec<_>>().join(" -> ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn needs_come_first_and_names_decide_the_rest() {
        assert_eq!(sorted(&[vec![2], vec![], vec![]]), Ok(vec![1, 2, 0]));
        assert_eq!(sorted(&[]), Ok(vec![]));
    }

    #[test]
    fn a_circle_is_shown_whole() {
        assert_eq!(sorted(&[vec![1], vec![2], vec![1]]), Err(vec![1, 2, 1]));
        assert_eq!(sorted(&[vec![0]]), Err(vec![0, 0]));
    }
}
