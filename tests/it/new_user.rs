//! Two real contracts written from their terms with only the documentation open, against the amounts that are known.

use udfald::engine::grid::Flow;
use udfald::engine::model::CASE;
use udfald::scenario::name::Name;

use crate::support::{model, total};

/// What a party pays or receives in a case, in whole units.
fn in_case(text: &str, case: &str, party: &str, flow: Flow) -> i64 {
    let model = model(text).case(&Name::new(case).unwrap()).unwrap();
    let results = model.run(CASE).unwrap();
    total(&results, party, flow).max() / 100
}

/// Steps of the city of New York, and what the guarantee leaves the lender with.
#[test]
fn rikers_island_pays_by_its_table_and_the_lender_gets_the_guarantee() {
    let text = include_str!("../fixtures/new-user/able.toml");
    let known = [
        ("just_below", 0, 7_200_000),
        ("first", 4_800_000, 7_200_000),
        ("below_ten", 4_800_000, 7_200_000),
        ("ten", 9_600_000, 9_600_000),
        ("twenty", 11_712_000, 11_712_000),
        ("more", 11_712_000, 11_712_000),
    ];
    for (case, city, lender) in known {
        assert_eq!(in_case(text, case, "city", Flow::Payment), city, "{case}");
        let guaranteed = in_case(text, case, "bloomberg", Flow::Guarantee);
        assert_eq!(city + guaranteed, lender, "{case}");
    }
}

/// One young person who achieves everything: 18,400 of the rate card, 11,700 paid.
#[test]
fn the_innovation_fund_pays_no_more_than_its_ceiling_for_one_person() {
    let text = include_str!("../fixtures/new-user/dwp.toml");
    assert_eq!(in_case(text, "everything", "dwp", Flow::Earned), 18_400);
    assert_eq!(in_case(text, "everything", "dwp", Flow::Payment), 11_700);
}
