//! Lists of bodies (责任者, 主送, 抄送): several names in one cell.

use super::characters::fold;

/// Splits a list of bodies at 、 ， ； and blanks, first name first, without repeats.
///
/// Inside brackets nothing is split; names in Latin letters keep their blanks, and a name of two characters padded
/// with a blank (张 三) stays one.
///
/// ```
/// use archive_core::reading::bodies;
/// assert_eq!(bodies("县委、县人民政府"), ["县委", "县人民政府"]);
/// ```
pub fn bodies(written: &str) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let mut name = String::new();
    let mut depth = 0_u32;
    let chars: Vec<char> = written.chars().collect();
    for (index, c) in chars.iter().copied().enumerate() {
        let folded = fold(c);
        depth = match folded {
            '〔' => depth + 1,
            '〕' => depth.saturating_sub(1),
            _ => depth,
        };
        let splits = depth == 0
            && match c {
                '、' | '，' | ',' | '；' | ';' | '\n' | '\r' | '\t' | '|' => true,
                _ if folded == ' ' => blank_splits(&name, &chars[index + 1..]),
                _ => false,
            };
        if splits {
            keep(&mut names, &mut name);
        } else {
            name.push(c);
        }
    }
    keep(&mut names, &mut name);
    names
}

/// Whether a blank stands between two names rather than inside one.
fn blank_splits(before: &str, after: &[char]) -> bool {
    let next: Vec<char> =
        after.iter().copied().take_while(|c| fold(*c) != ' ' && !"、，,；;\n".contains(*c)).collect();
    let latin = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric() || c == '.');
    if latin(before.chars().last()) && latin(next.first().copied()) {
        return false;
    }
    // 张 三: one character on each side is a padded name.
    !(before.trim().chars().count() == 1 && next.len() == 1)
}

fn keep(names: &mut Vec<String>, name: &mut String) {
    let trimmed: String = name.trim().to_owned();
    name.clear();
    let whole = trimmed.trim_matches(['。', '.', ':', '：']);
    let padded = whole.chars().filter(|c| fold(*c) != ' ').count() == 2 && whole.chars().count() == 3;
    let made: String =
        if padded { whole.chars().filter(|c| fold(*c) != ' ').collect() } else { whole.to_owned() };
    if !made.is_empty() && !names.contains(&made) {
        names.push(made);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn lists_are_split_and_names_kept_whole() {
        for (written, expected) in [
            ("县委、县人民政府", vec!["县委", "县人民政府"]),
            ("县委　县政府", vec!["县委", "县政府"]),
            ("县民政局，县财政局；县人事局", vec!["县民政局", "县财政局", "县人事局"]),
            ("县委（办公室、组织部）、县政府", vec!["县委（办公室、组织部）", "县政府"]),
            ("张 三、李四", vec!["张三", "李四"]),
            ("World Bank、县政府", vec!["World Bank", "县政府"]),
            ("县委、县委", vec!["县委"]),
            (" 、，", vec![]),
        ] {
            assert_eq!(bodies(written), expected, "{written}");
        }
    }

    proptest! {
        #[test]
        fn names_joined_are_split_again(names in proptest::collection::hash_set("[县委政府局办]{2,6}", 0..5)) {
            let mut names: Vec<String> = names.into_iter().collect();
            names.sort();
            prop_assert_eq!(bodies(&names.join("、")), names);
        }

        #[test]
        fn no_string_makes_it_fall_over(written in "\\PC{0,60}") {
            prop_assert!(bodies(&written).iter().all(|name| !name.is_empty()));
        }
    }
}
