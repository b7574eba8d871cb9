//! "Did you mean": the nearest of the words that would have been right.

/// The candidate nearest to what was written, if it is near enough to have been meant.
///
/// Distance is Damerau-Levenshtein with a limit of a third of the word's length; ties go to the first candidate.
pub(crate) fn nearest<'a>(written: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let written: String = written.chars().take(LONGEST).collect::<String>().to_lowercase();
    let limit = (written.chars().count() / 3).max(1);
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates {
        let extends = candidate.starts_with(&written) || written.starts_with(candidate);
        let distance = strsim::damerau_levenshtein(&written, &candidate.to_lowercase());
        let near = distance <= limit || (extends && candidate.len().min(written.len()) >= 3);
        if near && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// Words longer than this are compared by their beginning; the distance takes quadratic time.
const LONGEST: usize = 64;

/// "did you mean `x`?", or the list of what there is.
pub(crate) fn help<'a>(
    written: &str,
    candidates: impl IntoIterator<Item = &'a str> + Clone,
) -> Option<String> {
    if let Some(near) = nearest(written, candidates.clone()) {
        return Some(format!("did you mean `{near}`?"));
    }
    let mut listed: Vec<_> = candidates.into_iter().take(13).map(|word| format!("`{word}`")).collect();
    let more = listed.len() > 12;
    listed.truncate(12);
    match listed.len() {
        0 => None,
        _ => Some(format!("there is {}{}", listed.join(", "), if more { ", ..." } else { "" })),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_words_are_found_and_far_ones_are_not() {
        let words = ["norddjurs", "ostifterne", "region-midtjylland"];
        assert_eq!(nearest("nordjurs", words), Some("norddjurs"));
        assert_eq!(nearest("region", words), Some("region-midtjylland"));
        assert_eq!(nearest("kommunen", words), None);
        assert_eq!(help("xyz", ["a", "b"]).unwrap(), "there is `a`, `b`");
        assert_eq!(help("xyz", []), None);
    }
}
