//! Money put in.

use jiff::civil::Date;

use super::facts::{Around, Thing};
use crate::contract::share::{Fraction, Shares};
use crate::money::Ore;
use crate::report::text::{Aspect, Kind};
use crate::scenario::model::{Fund, Guarantee};

impl Around<'_> {
    pub(super) fn fund(&self, fund: &Fund) -> Thing {
        let Fund { id, party, amount, drawn, repayable, rank, return_cap, returns_surplus, guarantee, span } =
            fund;
        let mut thing = self.thing(Kind::Fund, id).table(format!("fund.{id}")).span(span);
        thing.says(Aspect::Amount, "amount", self.style.money(*amount));
        thing.says(Aspect::From, "party", party.to_string());
        thing.says(Aspect::Drawn, "drawn", self.drawn(drawn, *amount));
        thing.is(Aspect::Donation, "repaid", !*repayable, self.style.language);
        if *rank != 1 {
            thing.says(Aspect::Rank, "rank", self.style.count(i64::from(*rank)));
        }
        thing.may_say(Aspect::ReturnCap, "return_cap", return_cap.map(|promise| self.promise(promise)));
        thing.is(Aspect::ReturnsSurplus, "surplus", *returns_surplus, self.style.language);
        if let Some(Guarantee { promise, by, up_to }) = guarantee {
            thing.says(Aspect::Guaranteed, "guarantee", self.promise(*promise));
            thing.says(Aspect::GuaranteedBy, "guarantee", by.to_string());
            thing.may_say(Aspect::GuaranteedUpTo, "guarantee.up_to", up_to.map(|ore| self.style.money(ore)));
        }
        thing
    }

    /// Drawdowns as shares where round ones give exactly these amounts, else as amounts.
    fn drawn(&self, drawn: &[(Date, Ore)], amount: Ore) -> String {
        let dates: Vec<_> = drawn.iter().map(|(date, _)| self.style.date(*date)).collect();
        if let Some(shares) = round_shares(drawn, amount) {
            return self.style.shares(&dates, &shares);
        }
        let one = |(date, (_, ore)): (&String, &(Date, Ore))| format!("{date} {}", self.style.money(*ore));
        dates.iter().zip(drawn).map(one).collect::<Vec<_>>().join(", ")
    }
}

/// Shares with small denominators that divide an amount exactly as it is drawn.
fn round_shares(drawn: &[(Date, Ore)], amount: Ore) -> Option<Shares> {
    let try_with = |denominator: i64| {
        let near = |ore: Ore| {
            let numerator = crate::money::mul_div(ore, denominator, amount.max(1));
            Fraction::new(numerator, denominator)
        };
        let shares = Shares::new(&drawn.iter().map(|(_, ore)| near(*ore)).collect::<Vec<_>>()).ok()?;
        let same = shares.divide(amount).eq(drawn.iter().map(|(_, ore)| *ore));
        same.then_some(shares)
    };
    (1..=60).chain([100, 1000, 10_000, 1_000_000]).find_map(try_with)
}
