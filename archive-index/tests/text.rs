//! Text out of other people's files: the hard PDFs with their known text, and OFD from the field.

#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout)] // a test may fail loudly

mod common;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::Write;
use std::path::Path;

use archive_index::identify::Family;
use archive_index::text::{Extraction, Limits, NoText, TextSource, extract};

fn of_file(path: &Path) -> Extraction {
    let name = path.file_name().unwrap().to_string_lossy();
    extract(std::fs::read(path).unwrap(), &name, &Limits::default())
}

fn all_text(extraction: &Extraction) -> String {
    extraction.pages.iter().map(|page| page.text() + "\n").collect()
}

/// Letters and digits only: what search sees.
fn essence(text: &str) -> Vec<char> {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// Which share of the pairs of neighbours in `truth` stands in `text`.
fn recall(truth: &str, text: &str) -> f64 {
    let pairs = |text: &str| -> BTreeSet<(char, char)> {
        essence(text).windows(2).map(|pair| (pair[0], pair[1])).collect()
    };
    let (truth, text) = (pairs(truth), pairs(text));
    let count = |pairs: usize| f64::from(u32::try_from(pairs).unwrap());
    count(truth.intersection(&text).count()) / count(truth.len())
}

#[test]
fn hard_pdfs_give_the_text_they_carry() {
    let Some(folder) = common::shared("suites/pdf") else { return };
    let truth = std::fs::read_to_string(folder.join("gt.txt")).unwrap();
    // The text runs over pages; those of LibreOffice have a heading on each.
    for (name, pages, least) in [
        ("cairo_serif.pdf", 11, 1.0),
        ("cairo_sungti.pdf", 11, 1.0),
        ("cmap_gb_euc.pdf", 12, 1.0),
        ("cmap_gbk2k.pdf", 12, 1.0),
        ("cmap_gbk_euc.pdf", 12, 1.0),
        ("cmap_gbkp_euc.pdf", 12, 1.0),
        ("cmap_unigb_ucs2.pdf", 12, 1.0),
        ("cmap_unigb_utf16.pdf", 12, 1.0),
        ("cmap_unigb_v.pdf", 12, 1.0),
        ("lo.pdf", 10, 0.98),
        ("linear.pdf", 10, 0.98),
        ("objstm.pdf", 10, 0.98),
        ("enc_owner_r3.pdf", 10, 0.98),
        ("enc_owner_r4.pdf", 10, 0.98),
        ("enc_owner_r6.pdf", 10, 0.98),
        ("broken_garbagehead.pdf", 10, 0.98),
        ("broken_noxref.pdf", 10, 0.98),
    ] {
        let read = of_file(&folder.join(name));
        let text = all_text(&read);
        assert_eq!((read.pages.len(), &read.stopped), (pages, &None), "{name}");
        assert_eq!(read.format.pages, u32::try_from(pages).ok(), "{name}");
        assert!(recall(&truth, &text) >= least, "{name}: {}", recall(&truth, &text));
        assert!(read.pages.iter().all(|page| page.source == TextSource::BornDigital), "{name}");
        let placed = read.pages.iter().flat_map(|page| &page.lines).filter_map(|line| line.area);
        assert!(placed.clone().count() > 100 && placed.clone().all(|area| area.width > 0.0), "{name}");
    }
}

#[test]
fn what_has_no_text_says_so_and_why() {
    let Some(folder) = common::shared("suites/pdf") else { return };
    let first = |name: &str| of_file(&folder.join(name)).pages.first().map(|page| page.source.clone());
    assert_eq!(first("scan_g4.pdf"), Some(TextSource::None(NoText::Picture)));
    assert_eq!(first("scan_jpeg.pdf"), Some(TextSource::None(NoText::Picture)));
    assert_eq!(first("no_tounicode.pdf"), Some(TextSource::None(NoText::Unmapped)));
    assert_eq!(first("tess_p04.pdf"), Some(TextSource::TextLayer));
    assert_eq!(of_file(&folder.join("enc_user_r6.pdf")).stopped, Some(NoText::Encrypted));
    assert_eq!(of_file(&folder.join("broken_empty.pdf")).stopped, Some(NoText::Blank));
    for broken in ["broken_deep.pdf", "broken_loop.pdf", "broken_notpdf.pdf", "broken_trunc.pdf"] {
        let read = of_file(&folder.join(broken));
        assert!(matches!(read.stopped, Some(NoText::Damaged(_))), "{broken}: {:?}", read.stopped);
    }
}

#[test]
fn ofd_files_from_the_field_are_read_each_in_its_own_way() {
    let Some(folder) = common::shared("suites/ofd") else { return };
    let mut read = 0;
    for entry in std::fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        let got = of_file(&path);
        assert_eq!((got.format.family, &got.stopped), (Family::Ofd, &None), "{}", path.display());
        assert_eq!(got.format.pages, u32::try_from(got.pages.len()).ok(), "{}", path.display());
        read += 1;
    }
    assert!(read > 40);
    for (name, says) in [
        ("ofdrw-reader__helloworld_with_pageblock.ofd", "你好呀，OFD Reader&Writer！"),
        ("ofdrw-reader__chineseDir.ofd", "你好呀，OFD Reader&Writer！"),
        ("ofdrw-converter__不规范资源路径.ofd", "太仓市婚姻登记处"),
        ("ofdrw-converter__pattern类型.ofd", "信息系统密码应用测评要求"),
        ("ofdrw-layout__fptpl.ofd", "重庆增值税电子普通发票"),
        ("ofdrw-archive__test-ofda.ofd", "Hello OFD-A"),
        (
            "ofdrw-converter__testImageOverridePage.ofd",
            "临沧市临翔区发展和改革局关于同意临翔区棚户区改造安置房建设项目",
        ),
    ] {
        let text = all_text(&of_file(&folder.join(name)));
        assert!(text.contains(says), "{name}: {text}");
    }
    let outlined = of_file(&folder.join("ofdrw-sign__VPage7.ofd"));
    assert!(outlined.pages.iter().all(|page| page.source == TextSource::None(NoText::Picture)));
    let archival = of_file(&folder.join("ofdrw-archive__test-ofda.ofd"));
    assert_eq!(archival.format.version.as_deref(), Some("OFD-A 1.2"));
    let signed = of_file(&folder.join("ofdrw-sign__DigitalSign.ofd"));
    assert_eq!(signed.noticed.len(), 1);
}

#[test]
fn files_with_bytes_turned_over_cost_only_themselves() {
    let (Some(pdf), Some(ofd)) = (common::shared("suites/pdf"), common::shared("suites/ofd")) else { return };
    let mut die = common::Die(7);
    for path in [pdf.join("objstm.pdf"), pdf.join("cmap_gbk_euc.pdf"), ofd.join("ofdrw-converter__1.ofd")] {
        let sound = std::fs::read(&path).unwrap();
        for _ in 0..12 {
            let mut bytes = sound.clone();
            for _ in 0..=die.throw(40) {
                let at = die.throw(bytes.len());
                bytes[at] = u8::try_from(die.throw(256)).unwrap();
            }
            bytes.truncate(bytes.len() - die.throw(bytes.len() / 4));
            // It answers: with text, or with the reason why not.
            let read = extract(bytes, "x", &Limits::default());
            assert!(!read.pages.is_empty() || read.stopped.is_some(), "{}", path.display());
        }
    }
}

#[test]
fn a_package_that_swells_is_given_up() {
    let mut bytes = std::io::Cursor::new(Vec::new());
    let mut zip = zip::ZipWriter::new(&mut bytes);
    let options =
        zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
    zip.start_file("word/document.xml", options).unwrap();
    for _ in 0..64 {
        std::io::Write::write_all(&mut zip, &vec![b' '; 1 << 20]).unwrap();
    }
    zip.finish().unwrap();
    let limits = Limits { unpacked: 16 << 20, ..Limits::default() };
    let read = extract(bytes.into_inner(), "bomb.docx", &limits);
    assert_eq!((read.format.family, read.stopped), (Family::Docx, Some(NoText::TooLarge)));
}

#[test]
fn plain_texts_are_read_in_their_encoding() {
    let text = "关于做好防汛工作的通知\n二〇〇五年";
    let (gb, _, _) = encoding_rs::GB18030.encode(text);
    for bytes in [text.as_bytes().to_vec(), gb.into_owned(), [b"\xef\xbb\xbf", text.as_bytes()].concat()] {
        let read = extract(bytes, "通知.txt", &Limits::default());
        assert_eq!(read.pages[0].text(), text);
        assert_eq!(read.format.findings(&archive_core::finding::Place::default()), []);
    }
    let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let returns = text.replace('\n', "\r").into_bytes();
    for bytes in [little, returns] {
        assert_eq!(extract(bytes, "通知.txt", &Limits::default()).pages[0].text(), text);
    }
    let traditional = "關於做好防汛工作的通知\n縣人民政府辦公室";
    let big5 = encoding_rs::BIG5.encode(traditional).0.into_owned();
    assert_eq!(extract(big5, "通知.txt", &Limits::default()).pages[0].text(), traditional);
}

#[test]
fn a_line_longer_than_the_limit_is_cut_and_not_lost() {
    let limits = Limits { characters: 10, ..Limits::default() };
    let read = extract("一二三四五六七八九十甲乙丙".as_bytes().to_vec(), "a.txt", &limits);
    assert_eq!(read.pages[0].text(), "一二三四五六七八九十");
    assert_eq!(read.stopped, Some(NoText::TooLarge));
}

#[test]
fn letters_that_are_put_one_by_one_make_a_word() {
    // As browsers print: every letter at its own place, as far from the last as that is wide.
    let mut drawn = String::from("BT /F1 12 Tf 72 700 Td ");
    for (letter, width) in [('m', 833), ('m', 833), ('o', 556), ('p', 556), (' ', 0), ('m', 833), ('o', 556)]
    {
        if letter != ' ' {
            write!(drawn, "({letter}) Tj ").unwrap();
        }
        let step = if letter == ' ' { 278 } else { width };
        write!(drawn, "{}.{:03} 0 Td ", step * 12 / 1000, step * 12 % 1000).unwrap();
    }
    drawn.push_str("ET");
    let widths = "[833 556 556 556]";
    let objects = [
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        "<</Type/Pages/Kids[3 0 R]/Count 1>>".to_owned(),
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>"
            .to_owned(),
        format!("<</Length {}>>stream\n{drawn}\nendstream", drawn.len()),
        format!("<</Type/Font/Subtype/Type1/BaseFont/Helvetica/FirstChar 109/LastChar 112/Widths{widths}>>"),
    ];
    let mut pdf = String::from("%PDF-1.4\n");
    for (number, object) in (1..).zip(objects) {
        write!(pdf, "{number} 0 obj\n{object}\nendobj\n").unwrap();
    }
    pdf.push_str("trailer<</Root 1 0 R/Size 6>>\n");
    let read = extract(pdf.into_bytes(), "a.pdf", &Limits::default());
    assert_eq!(read.pages[0].text(), "mmop mo");
}

/// A Word file of 1997: a header, a text in two pieces of which one has a byte a letter, and their table.
fn word_97() -> Vec<u8> {
    let wide = "临政办〔2004〕61号\r关于防汛的通知\r㛃、䶮等\r水库\u{7}责任人\u{7}\u{7}\u{c}附件\u{13} HYPERLINK \"x\" \u{14}值班电话\u{15}\r";
    let narrow = "caf\u{e9} 2004\r";
    let mut main = vec![0_u8; 0x400];
    main[..4].copy_from_slice(&[0xec, 0xa5, 0xc1, 0]);
    main[0x0b] = 0x02;
    let wide_at = u32::try_from(main.len()).unwrap();
    main.extend(wide.encode_utf16().flat_map(u16::to_le_bytes));
    let narrow_at = u32::try_from(main.len()).unwrap();
    main.extend(narrow.chars().map(|ch| u8::try_from(u32::from(ch)).unwrap()));
    let (wide, narrow) = (wide.encode_utf16().count(), narrow.chars().count());
    // The narrow piece comes first in the text and last in the file.
    let places = [0, narrow, narrow + wide].map(|place| u32::try_from(place).unwrap());
    let mut list: Vec<u8> = places.iter().flat_map(|place| place.to_le_bytes()).collect();
    for from in [(narrow_at * 2) | 0x4000_0000, wide_at] {
        list.extend([0, 0]);
        list.extend(from.to_le_bytes());
        list.extend([0, 0]);
    }
    // A change of form stands before the pieces.
    let mut table = vec![1, 2, 0, 9, 9, 2];
    table.extend(u32::try_from(list.len()).unwrap().to_le_bytes());
    table.extend(list);
    let length = u32::try_from(table.len()).unwrap();
    main[0x1a6..0x1aa].copy_from_slice(&length.to_le_bytes());
    let mut file = cfb::CompoundFile::create(std::io::Cursor::new(Vec::new())).unwrap();
    file.create_stream("/WordDocument").unwrap().write_all(&main).unwrap();
    file.create_stream("/1Table").unwrap().write_all(&table).unwrap();
    file.into_inner().into_inner()
}

#[test]
fn old_word_and_excel_files_give_their_words() {
    let letter = word_97();
    for (name, family) in [("letter.doc", Family::Doc), ("letter.wps", Family::Wps)] {
        let read = extract(letter.clone(), name, &Limits::default());
        assert_eq!((read.format.family, &read.stopped), (family, &None), "{name}");
        let texts: Vec<String> = read.pages.iter().map(archive_index::text::Page::text).collect();
        let first = "café 2004\n临政办〔2004〕61号\n关于防汛的通知\n㛃、䶮等\n水库\t责任人";
        assert_eq!(texts, [first, "附件值班电话"]);
    }
    // Written by LibreOffice in the format of 1997.
    let table = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/files/table.xls");
    let table = extract(std::fs::read(table).unwrap(), "table.xls", &Limits::default());
    assert_eq!(table.pages[0].text(), "序号\t题名\t页数\n1\t关于防汛的通知\t3\n2\t财政预算报告\t12");
    // Cut off anywhere, or with any byte turned, they end in an answer.
    for at in (0..letter.len()).step_by(31) {
        extract(letter[..at].to_vec(), "a.doc", &Limits::default());
        let mut turned = letter.clone();
        turned[at] ^= 0xff;
        extract(turned, "a.doc", &Limits::default());
    }
}
