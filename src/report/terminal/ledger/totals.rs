//! The account over all investments and dates: what is earned, what limits do, what is paid, in which budget year.

use super::{Cell, Columns, Flow, Page, Pick, cell};
use crate::report::terminal::ledger::money::MOST_PAYERS;

impl Page<'_> {
    /// Payers are columns; where there are too many, all together.
    pub(super) fn totals(&self) -> String {
        let payers = self.payers();
        let mut header = vec![self.words.account.to_owned()];
        header.extend(payers.iter().map(|payer| match payer {
            Some(payer) => self.party(*payer),
            None => self.words.together.to_owned(),
        }));
        let mut columns = Columns::new(1, header);
        let words = self.words;
        let flows = [
            (Flow::Earned, words.earned, 1),
            (Flow::Cut, words.cut, -1),
            (Flow::MovedOut, words.moved_out, -1),
            (Flow::MovedIn, words.moved_in, 1),
            (Flow::ToppedUp, words.topped_up, 1),
            (Flow::Payment, words.paid, 1),
        ];
        for (flow, label, sign) in flows {
            let always = matches!(flow, Flow::Earned | Flow::Payment);
            self.total_row(&mut columns, label, &payers, flow, sign, Pick::All, always);
        }
        for (index, year) in self.ledger.grid().years().iter().enumerate() {
            let label = format!("  {}", self.language.of_it_in(&year.to_string()));
            self.total_row(&mut columns, &label, &payers, Flow::Payment, 1, Pick::One(index), false);
        }
        columns.text()
    }

    #[expect(clippy::too_many_arguments, reason = "a row of a table")]
    fn total_row(
        &self,
        columns: &mut Columns,
        label: &str,
        payers: &[Option<usize>],
        flow: Flow,
        sign: i64,
        year: Pick,
        always: bool,
    ) {
        let amount = |payer: &Option<usize>| sign * self.ledger.account(cell(*payer, year), flow);
        let amounts: Vec<_> = payers.iter().map(amount).collect();
        if always || amounts.iter().any(|amount| *amount != 0) {
            let cells = amounts
                .iter()
                .map(|amount| if *amount == 0 && !always { String::new() } else { self.ore(*amount) });
            columns.row(std::iter::once(label.to_owned()).chain(cells).collect());
        }
    }

    /// The payers that are shown, then all together where they are several.
    fn payers(&self) -> Vec<Option<usize>> {
        if self.view.party.is_some() {
            return vec![self.view.party];
        }
        let grid = self.ledger.grid();
        let pays = |party: &usize| {
            let cell = Cell { investment: Pick::All, party: Pick::One(*party), year: Pick::All };
            grid.figures().any(|(at, _)| at == (cell, Flow::Payment))
        };
        let payers: Vec<_> = (0..self.view.scenario.parties.len()).filter(pays).map(Some).collect();
        match payers.len() {
            1 => payers,
            n if n <= MOST_PAYERS => payers.into_iter().chain([None]).collect(),
            _ => vec![None],
        }
    }
}
