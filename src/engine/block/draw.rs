//! Operations that draw: uniforms, scores, distributions and counts.

use super::{Block, Chance};
use crate::dist::Feed;
use crate::draw::address::{PAGE, unit};
use crate::draw::{beta_binomial, binomial, normal};
use crate::engine::plan::column::{Real, RealColumn, Whole, WholeColumn};
use crate::engine::plan::op::{LawIndex, Op, StreamIndex};
use crate::engine::reference;

impl Block<'_> {
    pub(super) fn draw(&mut self, op: &Op, page: u64) {
        match op {
            Op::Uniform { stream, out } => self.uniform(*stream, *out, page),
            Op::Score { stream, out } => self.score(*stream, *out, page),
            Op::Sample { law, from, stream, out } => self.sample(*law, *from, *stream, *out, page),
            Op::Count { stream, of, rate, out } => self.count(*stream, *of, *rate, *out, page),
            Op::ClusteredCount { stream, of, rate, alike, out } => {
                self.clustered_count(*stream, *of, (*rate, *alike), *out, page);
            }
            _ => unreachable!("not a draw: {op:?}"),
        }
    }

    fn uniform(&mut self, stream: StreamIndex, out: RealColumn, page: u64) {
        if self.chance == Chance::Expected {
            return self.write_real(out, |_, column| column.fill(0.5));
        }
        self.streams[stream as usize].fill(page, &mut self.words);
        self.write_real(out, |block, column| (0..PAGE).for_each(|i| column[i] = unit(block.words[i])));
    }

    fn score(&mut self, stream: StreamIndex, out: RealColumn, page: u64) {
        match self.chance {
            Chance::Expected => self.write_real(out, |_, column| column.fill(0.0)),
            Chance::Reference => {
                let stream = self.streams[stream as usize].stream();
                self.write_real(out, |_, column| reference::scores(stream, page, column));
            }
            _ => {
                self.streams[stream as usize].fill(page, &mut self.words);
                self.write_real(out, |block, column| normal::fill_scores(&block.words, column));
            }
        }
    }

    fn sample(
        &mut self,
        law: LawIndex,
        from: RealColumn,
        stream: Option<StreamIndex>,
        out: RealColumn,
        page: u64,
    ) {
        let law = &self.plan.laws[law as usize];
        match (self.chance, stream) {
            (Chance::Reference, Some(stream)) => {
                let stream = self.streams[stream as usize].stream();
                self.write_real(out, |_, column| reference::sample(law, stream, page, column));
            }
            (Chance::Reference, None) => {
                self.write_real(out, |block, column| reference::quantile(law, block.real(from), column));
            }
            _ => self.write_real(out, |block, column| match law.sampler.feed() {
                Feed::Score => law.sampler.fill_from_scores(block.real(from), column),
                Feed::Uniform => law.sampler.fill_from_uniforms(block.real(from), column),
                Feed::Nothing => column.fill(law.sampler.support().0),
            }),
        }
    }

    fn clustered_count(
        &mut self,
        stream: StreamIndex,
        of: Whole,
        (rate, alike): (Real, Real),
        out: WholeColumn,
        page: u64,
    ) {
        if self.chance == Chance::Expected {
            return self.count(stream, of, rate, out, page);
        }
        let (of, rate, alike) = (self.wide(of), self.spread_real(rate), self.spread_real(alike));
        if self.chance == Chance::Reference {
            let stream = self.streams[stream as usize].stream();
            return self.write(out, |_, column| {
                reference::clustered_counts(stream, page, &of, (&rate, &alike), column);
            });
        }
        self.streams[stream as usize].fill(page, &mut self.words);
        self.write(out, |block, column| {
            for i in 0..PAGE {
                let n = of[i].clamp(0, i64::from(u32::MAX)) as u32;
                column[i] = i64::from(beta_binomial::invert(unit(block.words[i]), n, rate[i], alike[i]));
            }
        });
    }

    fn count(&mut self, stream: StreamIndex, of: Whole, rate: Real, out: WholeColumn, page: u64) {
        let (of, rate) = (self.wide(of), self.spread_real(rate));
        match self.chance {
            Chance::Expected => self.write(out, |_, column| {
                (0..PAGE).for_each(|i| column[i] = (of[i] as f64 * rate[i] + 0.5) as i64);
            }),
            Chance::Reference => {
                let stream = self.streams[stream as usize].stream();
                self.write(out, |_, column| reference::counts(stream, page, &of, &rate, column));
            }
            _ => {
                self.streams[stream as usize].fill(page, &mut self.words);
                self.write(out, |block, column| binomial::invert_block(&block.words, &of, &rate, column));
            }
        }
    }
}
