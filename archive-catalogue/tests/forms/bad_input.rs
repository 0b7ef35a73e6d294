//! What real years bring: nothing, too much, and what no font writes.

use archive_catalogue::fonts::{Fonts, Metrics};
use archive_catalogue::forms::Form;
use archive_catalogue::layout::{Mark, Page};
use archive_catalogue::paged::Paged;
use archive_catalogue::print::{Format, Options, Outcome, documents, print};
use archive_core::model::{RetentionPeriod, Side};

use crate::sample::Sample;

fn print_all(sample: &Sample, what: &[Form]) -> Vec<Outcome> {
    let fonts = Fonts::shipped().unwrap();
    Format::ALL
        .into_iter()
        .map(|format| print(what, format, &sample.book(), &fonts, &Options::default()).unwrap())
        .collect()
}

fn with_titles(titles: &[&str]) -> Sample {
    let mut sample = Sample::empty();
    let items: Vec<_> =
        titles.iter().map(|title| ("临政", 1, "县政府", *title, (2004, 1, 2), 1, None)).collect();
    sample.volume(RetentionPeriod::Permanent, Side::Government, "案卷", &items);
    sample
}

#[test]
fn an_empty_year_prints_forms_that_say_so() {
    for outcome in print_all(&Sample::empty(), &Form::ALL) {
        assert!(!outcome.files.is_empty());
        for file in &outcome.files {
            assert!(file.pages.is_none_or(|pages| pages > 0), "{}", file.file_name);
        }
    }
}

#[test]
fn a_volume_of_five_thousand_items_is_printed_whole() {
    let titles = vec!["关于防汛工作的通知"; 5000];
    let sample = with_titles(&titles);
    let fonts = Fonts::shipped().unwrap();
    for format in [Format::Pdf, Format::Ofd, Format::Xlsx, Format::Csv] {
        let outcome = print(&[Form::Contents], format, &sample.book(), &fonts, &Options::default()).unwrap();
        assert!(outcome.files[0].pages.is_none_or(|pages| pages > 200), "{format:?}");
    }
}

#[test]
fn a_list_of_more_pages_than_a_sheet_has_breaks_is_still_a_spreadsheet() {
    let mut sample = with_titles(&vec!["通知"; 1100]);
    sample.profile.forms.rows = archive_core::profile::RowHeights::Always(120.0);
    let fonts = Fonts::shipped().unwrap();
    for format in [Format::Pdf, Format::Xlsx] {
        let outcome = print(&[Form::Contents], format, &sample.book(), &fonts, &Options::default()).unwrap();
        assert!(outcome.files[0].pages.is_none_or(|pages| pages == 1100));
    }
}

#[test]
fn a_title_of_two_thousand_characters_is_on_every_form_whole_and_inside_the_paper() {
    let title = "关于防汛抗旱工作情况的报告".repeat(154);
    let mut sample = with_titles(&[&title]);
    sample.arrangement.volumes[0].title.clone_from(&title);
    for outcome in print_all(&sample, &Form::ALL) {
        assert_eq!(outcome.findings, []);
    }
    let fonts = Fonts::shipped().unwrap();
    let metrics = Metrics::new(&fonts);
    for form in Form::ALL {
        for document in documents(form, &sample.book(), &Options::default(), &metrics) {
            let pages: Vec<Page> =
                Paged::new(&document, &metrics).pages(&metrics).into_iter().flatten().collect();
            for page in &pages {
                for mark in &page.marks {
                    let Mark::Text { at, size, .. } = mark else { continue };
                    let low = page.paper.height - 2.0;
                    assert!(at.y > 2.0 && at.y < low && at.x > 0.0, "{form}: {size} pt at {at:?}");
                }
            }
        }
    }
}

#[test]
fn a_folder_of_broken_fonts_is_as_good_as_none() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("broken.ttf"), b"\x00\x01\x00\x00 no font at all").unwrap();
    std::fs::write(folder.path().join("broken.ttc"), b"ttcf").unwrap();
    let dirs = [folder.path().to_owned(), folder.path().join("not there")];
    let fonts = Fonts::find(&dirs).unwrap();
    let sample = with_titles(&["关于防汛工作的通知"]);
    let outcome = print(&[Form::Contents], Format::Pdf, &sample.book(), &fonts, &Options::default()).unwrap();
    assert_eq!(outcome.findings, []);
}

#[test]
fn a_character_no_font_has_is_named_with_its_record() {
    let sample = with_titles(&["关于𪚥同志任职的通知", "གསར་འགྱུར།"]);
    let outcome = &print_all(&sample, &[Form::Contents])[0];
    let said: Vec<String> = outcome
        .findings
        .iter()
        .map(|finding| {
            format!(
                "{} {} {}",
                finding.rule,
                finding.place.item.clone().unwrap_or_default(),
                finding.message.zh
            )
        })
        .collect();
    assert_eq!(said[0], "L1 J019-2004-001-001 没有字体含有字符“𪚥”（U+2A6A5），打印为〓");
    assert!(said[1..].iter().all(|line| line.starts_with("L1 J019-2004-001-002")), "{said:?}");
}

#[test]
fn a_character_that_was_lost_is_no_matter_of_fonts() {
    let sample = with_titles(&["关于\u{FFFD}山水库的通知"]);
    let findings = &print_all(&sample, &[Form::Contents])[0].findings;
    assert_eq!(findings.len(), 1, "{findings:?}");
    assert!(findings[0].message.zh.contains("已经丢失"), "{findings:?}");
    assert!(findings[0].help.zh.contains("对照原件"), "{findings:?}");
}

#[test]
fn a_volume_without_numbers_prints_with_blanks() {
    let mut sample = with_titles(&["关于防汛工作的通知"]);
    sample.arrangement.volumes[0].number = None;
    sample.arrangement.volumes[0].entries[0].item_no = None;
    sample.arrangement.volumes[0].entries[0].pages = None;
    print_all(&sample, &Form::ALL);
}

#[test]
fn names_that_spreadsheets_and_file_systems_refuse_are_made_harmless() {
    let mut sample = with_titles(&["关于防汛工作的通知", "通知"]);
    for (at, code) in ["J019/2004:[Y]*001?", "J019/2004:[Y]*001?"].iter().enumerate() {
        if at > 0 {
            let again = sample.arrangement.volumes[0].clone();
            sample.arrangement.volumes.push(again);
        }
        sample.arrangement.volumes[at].number.as_mut().unwrap().code = (*code).to_owned();
    }
    let fonts = Fonts::shipped().unwrap();
    let options = Options { per_volume: true };
    for form in [Form::Contents, Form::Cover] {
        print(&[form], Format::Xlsx, &sample.book(), &fonts, &Options::default()).unwrap();
        let outcome = print(&[form], Format::Pdf, &sample.book(), &fonts, &options).unwrap();
        for file in outcome.files {
            assert!(
                !file.file_name.contains(['/', '\\', ':', '*', '?', '"', '<', '>', '|']),
                "{}",
                file.file_name
            );
        }
    }
}
