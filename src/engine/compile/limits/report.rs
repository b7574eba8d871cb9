//! What each limit did, by year and in total.

use super::Cascade;
use crate::engine::grid::LimitFigures;
use crate::engine::plan::build::RangeError;
use crate::engine::plan::column::Origin;
use crate::scenario::name::RETURN_CAP;

impl Cascade<'_, '_> {
    /// What each limit did, by year and in total.
    pub(super) fn report_limits(&mut self) -> Result<(), RangeError> {
        let ids = &self.shared.scenario.investments;
        let investment = ids.iter().position(|i| i.id == self.investment.id).unwrap_or(0);
        for (limit, state) in self.investment.limits.iter().zip(std::mem::take(&mut self.states)) {
            let origin = Origin::at(format!("{}.{}", self.investment.id, limit.id), &limit.span);
            let figures = LimitFigures {
                investment,
                id: limit.id.to_string(),
                scope: limit.per.word(),
                party: limit.payer.as_ref().map(|payer| self.shared.party(payer)),
                years: state.record.years(&mut self.shared.builder, &origin)?,
                presented: state.record.presented(),
                span: limit.span.clone(),
            };
            self.flows.limits.push(figures);
        }
        let capped: Vec<_> = self.funds.capped().map(|repaid| (repaid.party, &repaid.fund.span)).collect();
        if let Some((party, span)) = capped.first().copied() {
            let origin = Origin::at(format!("{}.{RETURN_CAP}", self.investment.id), span);
            let alike = capped.iter().all(|(other, _)| *other == party);
            let figures = LimitFigures {
                investment,
                id: RETURN_CAP.to_owned(),
                scope: "return_cap",
                party: alike.then_some(party),
                years: self.funds.record.years(&mut self.shared.builder, &origin)?,
                presented: Vec::new(),
                span: span.clone(),
            };
            self.flows.limits.push(figures);
        }
        Ok(())
    }
}
