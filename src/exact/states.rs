//! A sparse table of states: tuples of integers, each with its probability at every node of the quadrature.

/// States in the order in which they were first reached, so that sums never depend on a hash.
#[derive(Debug)]
pub(super) struct States {
    width: usize,
    nodes: usize,
    keys: Vec<i64>,
    weights: Vec<f64>,
    /// Open addressing by linear probing: 1 + the ordinal of a state, 0 where free.
    table: Vec<u32>,
    count: usize,
}

impl States {
    /// No states of so many integers yet.
    pub(super) fn new(width: usize, nodes: usize) -> Self {
        Self { width, nodes, keys: Vec::new(), weights: Vec::new(), table: vec![0; 64], count: 0 }
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.count
    }

    /// The integers of a state.
    pub(super) fn key(&self, state: usize) -> &[i64] {
        &self.keys[state * self.width..(state + 1) * self.width]
    }

    /// Its probability at every node.
    pub(super) fn weights(&self, state: usize) -> &[f64] {
        &self.weights[state * self.nodes..(state + 1) * self.nodes]
    }

    /// Adds to the probability of a state: `more` times `times`, node by node.
    pub(super) fn add(&mut self, key: &[i64], more: &[f64], times: Option<&[f64]>) {
        let state = self.find(key);
        let weights = &mut self.weights[state * self.nodes..(state + 1) * self.nodes];
        match times {
            None => weights.iter_mut().zip(more).for_each(|(w, m)| *w += m),
            Some(times) => weights.iter_mut().zip(more).zip(times).for_each(|((w, m), t)| *w += m * t),
        }
    }

    fn find(&mut self, key: &[i64]) -> usize {
        let mask = self.table.len() - 1;
        let mut place = hash(key) as usize & mask;
        loop {
            match self.table[place] {
                0 => break,
                taken if self.key(taken as usize - 1) == key => return taken as usize - 1,
                _ => place = (place + 1) & mask,
            }
        }
        self.keys.extend_from_slice(key);
        self.weights.resize(self.weights.len() + self.nodes, 0.0);
        self.count += 1;
        self.table[place] = self.count as u32;
        if 2 * self.count > self.table.len() {
            self.grow();
        }
        self.count - 1
    }

    fn grow(&mut self) {
        let mask = 2 * self.table.len() - 1;
        self.table = vec![0; mask + 1];
        for state in 0..self.count {
            let mut place = hash(self.key(state)) as usize & mask;
            while self.table[place] != 0 {
                place = (place + 1) & mask;
            }
            self.table[place] = state as u32 + 1;
        }
    }
}

/// Mixes all integers of a key: the finaliser of splitmix64 (Steele, Lea and Flood 2014) after each.
fn hash(key: &[i64]) -> u64 {
    key.iter().fold(0x9e37_79b9_7f4a_7c15, |h, x| {
        let z = (h ^ *x as u64).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        (z ^ (z >> 29)).wrapping_mul(0x94d0_49bb_1331_11eb) ^ (z >> 32)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_keys_are_one_state_and_all_are_found_again() {
        let mut states = States::new(2, 1);
        for round in 0..2 {
            for k in 0..1000 {
                states.add(&[k, -k], &[1.0], Some(&[0.5]));
                assert!(round == 0 || states.len() == 1000);
            }
        }
        assert_eq!((states.len(), states.key(7)), (1000, &[7, -7][..]));
        assert!((0..1000).all(|state| states.weights(state) == [1.0]));
    }
}
