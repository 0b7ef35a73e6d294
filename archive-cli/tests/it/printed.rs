//! What `catalogue` prints, read back by readers that are not the printer.

use std::fs;

use archive_index::text::{Limits, TextSource, extract};

use crate::desk::Desk;

/// The OFD of the lists of contents is read by the index as any other office's OFD: every title whole.
#[test]
fn our_own_reader_reads_the_ofd_back() {
    let desk = Desk::with_the_year();
    let words =
        ["catalogue", "--own-font", "--what", "contents,cover", "--format", "ofd,csv", "--out", "out"];
    // One title of the year has a character that was lost before it came to us: status 1.
    desk.run(words.into_iter().chain(["--year", "2004", "-R", "repository"])).expect_status(1);
    let plain = |text: &str| text.split_whitespace().collect::<String>();
    for form in ["卷内文件目录", "案卷封面"] {
        let bytes = fs::read(desk.path(&format!("out/{form}.ofd"))).unwrap();
        let read = extract(bytes, "a.ofd", &Limits::default());
        assert!(read.pages.iter().all(|page| page.source == TextSource::BornDigital), "{form}");
        assert!(read.pages.len() > 40, "{form}: {}", read.pages.len());
        let whole: String = read.pages.iter().map(|page| plain(&page.text())).collect();
        let mut table = csv::Reader::from_path(desk.path(&format!("out/{form}.csv"))).unwrap();
        let headers = table.headers().unwrap().clone();
        let title = headers.iter().position(|name| name.ends_with("题名")).unwrap();
        for record in table.records() {
            // As much of a title as surely stands on its first line: further lines alternate with those of
            // the cells beside it.
            let begin: String = plain(&record.unwrap()[title]).chars().take(6).collect();
            assert!(whole.contains(&begin), "{form}: {begin}");
        }
    }
}

/// Years asked for together make one book; what is no range of years is refused.
#[test]
fn several_years_are_printed_as_one_book() {
    let desk = Desk::with_the_year();
    let words = ["catalogue", "--own-font", "--what", "full", "--format", "csv", "--out", "out"];
    let report = desk.at_repository(&[&words[..], &["--years", "2003-2005", "--json"]].concat()).document();
    let files: Vec<&str> =
        report["files"].as_array().unwrap().iter().map(|file| file.as_str().unwrap()).collect();
    assert!(files.iter().all(|file| !file.contains("年度")), "no folder for each year: {files:?}");
    for wrong in ["2005-2003", "2004", "去年"] {
        desk.at_repository(&[&words[..], &["--years", wrong]].concat()).expect_status(2);
    }
}
