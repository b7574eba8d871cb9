//! The scale of an axis of amounts: round steps, at most six of them.

/// Steps are 1, 2 or 5 times a power of ten.
const STEPS: [f64; 3] = [1.0, 2.0, 5.0];

/// More steps than this are too close for a picture on a telephone.
const MOST: f64 = 5.0;

/// From nothing to a round amount, in øre.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Scale {
    /// The distance between two marks.
    pub(super) step: f64,
    /// The end of the axis.
    pub(super) top: f64,
}

impl Scale {
    /// A scale on which an amount has room.
    pub(super) fn to(amount: f64) -> Self {
        let mut power = 100.0;
        loop {
            for factor in STEPS {
                let step = factor * power;
                if amount <= MOST * step {
                    return Self { step, top: step * (amount / step).ceil().max(1.0) };
                }
            }
            power *= 10.0;
        }
    }

    /// The amounts at which a mark stands.
    pub(super) fn marks(self) -> impl Iterator<Item = f64> {
        let count = (self.top / self.step).round() as u32;
        (0..=count).map(move |index| f64::from(index) * self.step)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_round() {
        let scale = Scale::to(613_600_000.0);
        assert_eq!((scale.step, scale.top), (200_000_000.0, 800_000_000.0));
        assert_eq!(scale.marks().count(), 5);
        assert_eq!(Scale::to(0.0), Scale { step: 100.0, top: 100.0 });
        assert_eq!(Scale::to(500.0), Scale { step: 100.0, top: 500.0 });
    }
}
