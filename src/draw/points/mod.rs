//! Points of samplers that spread trials evenly: Latin hypercubes and scrambled Sobol points, in 32 replicates.
//!
//! A run is cut into [`REPLICATES`] independent randomisations of the same points, so that its error can be seen from how far
//! they differ (Owen, Journal of Complexity 14, 1998). Trial `t` is point `t / 32` of replicate `t mod 32`. Pages hold points
//! of one replicate: page `p` has points `512 (p / 32) ..` of replicate `p mod 32`.
//!
//! A word depends on the seed, the address, the replicate and the point; that of a Latin hypercube also on the number of
//! points, that of Sobol points also on the dimension that the address has been given ([`Dimensions`]).

mod directions;
mod latin;
mod sobol;

use std::collections::BTreeMap;

pub use directions::DIMENSIONS;
use latin::Latin;
use sobol::Sobol;

use super::address::{Address, PAGE, Stream};

/// Independent randomisations of a run.
pub const REPLICATES: u64 = 32;

/// How the trials of a run are spread.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spread<'d> {
    /// Independently.
    Independent,
    /// As Latin hypercubes of so many trials in all replicates together.
    Latin(u64),
    /// As Sobol points.
    Sobol(&'d Dimensions),
}

/// The dimension of Sobol points that each address is drawn from, the most important first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dimensions {
    numbers: BTreeMap<Address, usize>,
    beyond: usize,
}

impl Dimensions {
    /// Gives dimensions to addresses in their order, as far as there are any.
    pub fn new(addresses: impl IntoIterator<Item = Address>) -> Self {
        let mut found = Self::default();
        for address in addresses {
            let next = found.numbers.len();
            if next < DIMENSIONS {
                found.numbers.entry(address).or_insert(next);
            } else if !found.numbers.contains_key(&address) {
                found.beyond += 1;
            }
        }
        found
    }

    /// How many addresses have a dimension.
    #[must_use]
    pub fn given(&self) -> usize {
        self.numbers.len()
    }

    /// How many have none and are drawn independently, because there are no more.
    #[must_use]
    pub fn beyond(&self) -> usize {
        self.beyond
    }
}

/// Where the words of an address come from, page by page.
#[derive(Clone, Debug)]
pub struct WordSource {
    stream: Stream,
    points: Option<Points>,
}

#[derive(Clone, Debug)]
enum Points {
    Latin(Latin),
    Sobol(Box<Sobol>),
}

impl WordSource {
    /// The words of an address under a seed.
    #[must_use]
    pub fn new(seed: u64, address: &Address, spread: Spread<'_>) -> Self {
        let stream = Stream::new(seed, address);
        let points = match spread {
            Spread::Independent => None,
            Spread::Latin(trials) => Some(Points::Latin(Latin::new(seed, address, trials))),
            Spread::Sobol(dimensions) => {
                let dimension = dimensions.numbers.get(address).copied();
                dimension.map(|dimension| Points::Sobol(Box::new(Sobol::new(seed, address, dimension))))
            }
        };
        Self { stream, points }
    }

    /// The words of the trials of a page.
    #[inline]
    pub fn fill(&self, page: u64, out: &mut [u64; PAGE]) {
        match &self.points {
            None => self.stream.fill(page, out),
            Some(Points::Latin(latin)) => {
                self.stream.fill(page, out);
                latin.place(page % REPLICATES, page / REPLICATES * PAGE as u64, out);
            }
            Some(Points::Sobol(sobol)) => sobol.fill(page % REPLICATES, page / REPLICATES, out),
        }
    }

    /// The independent words of the address: those of single persons and of the reference sampler.
    #[must_use]
    pub fn stream(&self) -> &Stream {
        &self.stream
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draw::Kind;

    #[test]
    fn addresses_get_dimensions_in_their_order_until_there_are_no_more() {
        let address = |lane| Address::new(Kind::Input, "a", lane);
        let found = Dimensions::new((0..DIMENSIONS as u64 + 3).chain([0, 1]).map(address));
        assert_eq!((found.given(), found.beyond()), (DIMENSIONS, 3));
        assert_eq!((found.numbers[&address(0)], found.numbers[&address(700)]), (0, 700));
        // What has no dimension is drawn as ever.
        let last = address(DIMENSIONS as u64);
        let (mut words, mut plain) = ([0; PAGE], [0; PAGE]);
        WordSource::new(7, &last, Spread::Sobol(&found)).fill(5, &mut words);
        Stream::new(7, &last).fill(5, &mut plain);
        assert_eq!(words, plain);
    }
}
