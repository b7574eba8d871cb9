//! What each limit did, by year and in total.

use super::Cascade;
use crate::engine::compile::return_cap::ReturnCap;
use crate::engine::grid::LimitFigures;
use crate::engine::plan::build::RangeError;
use crate::engine::plan::column::Origin;
use crate::scenario::name::RETURN_CAP;

impl Cascade<'_, '_> {
    /// What each limit did, by year and in total.
    pub(super) fn report_limits(&mut self, cap: &ReturnCap<'_>) -> Result<(), RangeError> {
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
        if let Some(fund) = cap.capped() {
            let origin = Origin::at(format!("{}.{RETURN_CAP}", self.investment.id), &fund.span);
            let figures = LimitFigures {
                investment,
                id: RETURN_CAP.to_owned(),
                scope: "return_cap",
                party: self.flows.investor,
                years: cap.record.years(&mut self.shared.builder, &origin)?,
                presented: Vec::new(),
                span: fund.span.clone(),
            };
            self.flows.limits.push(figures);
        }
        Ok(())
    }
}
