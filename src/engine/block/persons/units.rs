//! Units of single persons: claims, days.

use super::{Block, Enrolled};
use crate::dist::Feed;
use crate::draw::address::{PAGE, unit};
use crate::draw::normal;
use crate::engine::plan::persons::{PersonValue, Units};

impl Block<'_> {
    /// The units of a person in each trial of the page, whole numbers.
    pub(super) fn units(&self, units: &Units, enrolled: &Enrolled, person: usize, page: u64) -> [f64; PAGE] {
        let bits = self.bits(units.of, enrolled, person);
        let mut values = self.person_value(&units.value, enrolled, person, page);
        for (trial, value) in values.iter_mut().enumerate() {
            let belongs = bits[trial / 64] >> (trial % 64) & 1 == 1;
            *value = if belongs { (*value + 0.5).floor() } else { 0.0 };
        }
        values
    }

    fn person_value(
        &self,
        value: &PersonValue,
        enrolled: &Enrolled,
        person: usize,
        page: u64,
    ) -> [f64; PAGE] {
        match value {
            PersonValue::Number(number) => [*number; PAGE],
            PersonValue::Real(column) => *self.real(*column),
            PersonValue::Units(units) => self.units(units, enrolled, person, page),
            PersonValue::Drawn { law, stream } => {
                let sampler = &self.plan.laws[*law as usize].sampler;
                let (mut words, mut from, mut values) = ([0; PAGE], [0.0; PAGE], [0.0; PAGE]);
                self.streams[*stream as usize].stream().fill_person(page, person as u64, &mut words);
                if sampler.feed() == Feed::Score {
                    normal::fill_scores(&words, &mut from);
                    sampler.fill_from_scores(&from, &mut values);
                } else {
                    (0..PAGE).for_each(|i| from[i] = unit(words[i]));
                    sampler.fill_from_uniforms(&from, &mut values);
                }
                values
            }
            PersonValue::Arithmetic(kind, a, b) => {
                let mut a = self.person_value(a, enrolled, person, page);
                let b = self.person_value(b, enrolled, person, page);
                (0..PAGE).for_each(|i| a[i] = kind.apply(a[i], b[i]));
                a
            }
        }
    }
}
