//! A quantile function in pieces over the normal score: for laws that jump, stand still or bend at known values.

use super::{Law, Mixture, Tails};

/// Scores beyond this do not come.
const REACH: f64 = 8.5;
/// Cells of a piece to a unit of score, as a [`super::ScoreTable`] has.
const CELLS_PER_UNIT: f64 = 15.0;
/// Every piece has so many, since it may begin or end steeply.
const LEAST_CELLS: usize = 64;

/// In each piece a value, or cubics through four points of each of its cells.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Pieces {
    /// Where pieces end but the last, ascending scores.
    ends: Vec<f64>,
    pieces: Vec<Piece>,
}

#[derive(Clone, Debug, PartialEq)]
enum Piece {
    Constant(f64),
    Curve { from: f64, cells_per_unit: f64, cells: Vec<[f64; 4]>, lowest: f64, highest: f64 },
}

impl Pieces {
    pub(super) fn of(law: &Mixture) -> Self {
        let score = |at: Tails| at.score().clamp(-REACH, REACH);
        let mut found = Self { ends: Vec::new(), pieces: Vec::new() };
        let mut from = -REACH;
        let mut lowest = law.quantile(Tails::from_score(-REACH));
        for corner in law.corners() {
            let (below, at) = (score(law.below(corner)), score(law.cdf(corner)));
            if below > from {
                found.push(below, curve(law, (from, below), (lowest, corner)));
            }
            if at > below {
                found.push(at, Piece::Constant(corner));
            }
            (from, lowest) = (from.max(at), corner);
        }
        if from < REACH {
            let highest = law.quantile(Tails::from_score(REACH));
            found.push(REACH, curve(law, (from, REACH), (lowest, highest)));
        }
        found.ends.pop();
        found
    }

    fn push(&mut self, end: f64, piece: Piece) {
        self.ends.push(end);
        self.pieces.push(piece);
    }

    pub(super) fn value(&self, z: f64) -> f64 {
        match &self.pieces[self.ends.partition_point(|end| *end <= z)] {
            Piece::Constant(value) => *value,
            Piece::Curve { from, cells_per_unit, cells, lowest, highest } => {
                let place = ((z - from) * cells_per_unit).max(0.0);
                let cell = (place as usize).min(cells.len() - 1);
                let s = (place - cell as f64).min(1.0) - 0.5;
                let [c0, c1, c2, c3] = cells[cell];
                (c0 + s * (c1 + s * (c2 + s * c3))).max(*lowest).min(*highest)
            }
        }
    }

    /// The smallest and the largest value that can come out.
    pub(super) fn range(&self) -> (f64, f64) {
        let ends = |piece: &Piece| match piece {
            Piece::Constant(value) => (*value, *value),
            Piece::Curve { lowest, highest, .. } => (*lowest, *highest),
        };
        let first = self.pieces.first().map_or((0.0, 0.0), ends);
        let last = self.pieces.last().map_or((0.0, 0.0), ends);
        (first.0, last.1)
    }
}

/// A piece between two scores, whose values lie between two corners.
fn curve(law: &Mixture, (from, to): (f64, f64), (lowest, highest): (f64, f64)) -> Piece {
    let count = (((to - from) * CELLS_PER_UNIT).ceil() as usize).max(LEAST_CELLS);
    let step = (to - from) / (3 * count) as f64;
    let mut before = lowest;
    let points: Vec<f64> = (0..=3 * count)
        .map(|point| {
            let value = law.quantile(Tails::from_score(from + point as f64 * step));
            // At its very ends a piece has the corners themselves.
            before = value.clamp(lowest, highest).max(before);
            match point {
                0 => lowest,
                _ if point == 3 * count => highest,
                _ => before,
            }
        })
        .collect();
    let cells = (0..count)
        .map(|cell| {
            let at = 3 * cell;
            super::table::coefficients([points[at], points[at + 1], points[at + 2], points[at + 3]])
        })
        .collect();
    Piece::Curve { from, cells_per_unit: count as f64 / (to - from), cells, lowest, highest }
}
