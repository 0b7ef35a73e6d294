//! Packages of other makers: the two national layouts, CSIP and EEP without a bag.

use std::fs;
use std::path::Path;

use archive_transfer::verify::Kind;

use crate::sample::{built, judged, told};

fn write(root: &Path, path: &str, bytes: &[u8]) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
}

fn gb18030(text: &str) -> Vec<u8> {
    encoding_rs::GB18030.encode(text).0.into_owned()
}

const EXPLANATION: &str = "移交单位：县水利局\r\n内容描述：2004年文书档案\r\n起止档号：J020-WS·2004·Y-001\r\n档案数量：1\r\n软硬件环境：无\r\n";

#[test]
fn a_carrier_of_2012_in_gb18030_is_read_and_a_missing_file_is_named() {
    let dir = tempfile::tempdir().unwrap();
    write(dir.path(), "说明文件.TXT", &gb18030(EXPLANATION));
    let list = "<?xml version=\"1.0\" encoding=\"GB18030\"?><文件目录><文件><顺序号>1</顺序号><档号>J020-WS·2004·Y-001</档号>\
        <责任者>县水利局</责任者><题名>关于水库除险加固的请示</题名><日期>20040516</日期><密级></密级>\
        <电子档案名称>电子档案/2004/文书/001.pdf</电子档案名称><备注></备注></文件></文件目录>";
    write(dir.path(), "文件目录.XML", &gb18030(list));
    write(dir.path(), "电子档案/2004/文书/001.pdf", b"%PDF-1.4\n%%EOF\n");
    let verification = judged(dir.path());
    assert_eq!(told(&verification), "");
    assert_eq!((verification.facts.kinds, verification.facts.items), (vec![Kind::Carrier2012], 1));
    fs::remove_file(dir.path().join("电子档案/2004/文书/001.pdf")).unwrap();
    let verification = judged(dir.path());
    assert!(!verification.valid);
    insta::assert_snapshot!(told(&verification).lines().find(|l| l.contains("001.pdf")).unwrap(), @"error X5 电子档案/2004/文书/001.pdf: missing: listed in 文件目录.XML, not in the package");
}

#[test]
fn a_dat93_package_is_read_and_what_contradicts_its_list_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let list = |secret: &str| {
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?><文件目录><文件><顺序号>1</顺序号><档号>J020-WS·2004·Y-001</档号>\
             <责任者>县水利局</责任者><题名>关于水库除险加固的请示</题名><日期>20040516</日期><保管期限>永久</保管期限>\
             <密级>{secret}</密级><页数>3</页数><备注></备注></文件></文件目录>"
        )
    };
    write(dir.path(), "说明文件.TXT", EXPLANATION.as_bytes());
    write(dir.path(), "目录文件.XML", list("").as_bytes());
    let item = "J020/WS/2004/J020-WS·2004·Y-001";
    write(dir.path(), &format!("{item}/电子档案1元数据.XML"), "<元数据/>".as_bytes());
    write(dir.path(), &format!("{item}/001.pdf"), b"%PDF-1.4\n%%EOF\n");
    let verification = judged(dir.path());
    assert_eq!(told(&verification), "");
    assert_eq!(verification.facts.kinds, [Kind::Dat93]);
    write(dir.path(), "目录文件.XML", list("机密").as_bytes());
    write(dir.path(), "J020/WS/2004/stray.pdf", b"%PDF");
    insta::assert_snapshot!(told(&judged(dir.path())), @"
    error X5 J020/WS/2004/stray.pdf: extra: not listed in 目录文件.XML
    error S1 目录文件.XML: is classified (机密) and must not be in a package
    ");
}

#[test]
fn a_csip_package_without_a_bag_is_judged_by_its_mets() {
    let dir = tempfile::tempdir().unwrap();
    let (folder, _) = built(dir.path());
    let package = folder.join("data/J019-2004");
    let verification = judged(&package);
    assert!(verification.valid, "{}", told(&verification));
    assert!(verification.facts.kinds.contains(&Kind::Csip) && !verification.facts.kinds.contains(&Kind::Bag));
    let premis = package.join("metadata/preservation/premis.xml");
    fs::write(&premis, fs::read_to_string(&premis).unwrap().replace("2005", "2006")).unwrap();
    let told = told(&judged(&package));
    assert!(told.contains("metadata/preservation/premis.xml: changed"), "{told}");
}

#[test]
fn an_encapsulation_with_its_file_inside_is_read() {
    let dir = tempfile::tempdir().unwrap();
    let eep = |bytes: &str| {
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?><电子文件封装包 xmlns=\"http://www.saac.gov.cn/standards/ERM/encapsulation\">\
             <封装包格式描述>x</封装包格式描述><版本>2009</版本><被签名对象 eep版本=\"2009\"><封装包类型>原始型</封装包类型>\
             <封装包创建时间>2005-04-02T00:00:00</封装包创建时间><封装包创建单位>县水利局</封装包创建单位><封装内容><文件实体块><文件实体>\
             <聚合层次>文件</聚合层次><来源><立档单位名称>县水利局</立档单位名称></来源><档号><年度>2004</年度><保管期限>永久</保管期限></档号>\
             <内容描述><题名>请示</题名><密级>公开</密级></内容描述><文件数据><文档><文档数据><编码><电子属性><计算机文件名>a.txt</计算机文件名>\
             <计算机文件大小>{bytes}</计算机文件大小></电子属性><反编码关键字>base64-txt</反编码关键字><编码数据>aGVs\nbG8=</编码数据></编码>\
             </文档数据></文档></文件数据></文件实体></文件实体块><业务实体块><业务实体><业务标识符>1</业务标识符></业务实体></业务实体块>\
             </封装内容></被签名对象></电子文件封装包>"
        )
    };
    write(dir.path(), "a.eep", eep("5").as_bytes());
    let verification = judged(dir.path());
    assert_eq!(told(&verification), "");
    assert_eq!(verification.facts.kinds, [Kind::Eep]);
    write(dir.path(), "a.eep", eep("6").replace("<年度>2004</年度>", "").as_bytes());
    insta::assert_snapshot!(told(&judged(dir.path())), @"
    error X5 a.eep: a.txt should be “6” long, its data is 5 bytes
    error X5 a.eep: the encapsulation lacks 年度
    ");
}

/// A carrier of 2012 with both lists: two items in a volume, and the digital copy of a third.
fn carrier(root: &Path) {
    write(root, "说明文件.TXT", &gb18030("载体容量：4.7GB\r\n载体类型：DVD-R\r\n载体编号：J020-001\r\n"));
    let volumes = "<?xml version=\"1.0\" encoding=\"GB2312\"?><案卷目录><案卷><顺序号>1</顺序号><档号>J020-2004-001</档号>\
        <责任者>县水利局</责任者><题名>水库除险加固</题名><日期>20040516-20041120</日期><密级></密级>\
        <电子档案名称>电子档案\\2004\\J020-2004-001</电子档案名称><备注></备注></案卷></案卷目录>";
    write(root, "案卷目录.XML", &gb18030(volumes));
    let item = |serial: u32, title: &str, name: &str| {
        format!(
            "<文件><顺序号>{serial}</顺序号><档号>J020-2004-001-{serial:03}</档号><责任者>县水利局</责任者><题名>{title}</题名>\
             <日期>20040516</日期><密级></密级><电子档案名称>{name}</电子档案名称><备注></备注></文件>"
        )
    };
    let items = format!(
        "<?xml version=\"1.0\" encoding=\"GB18030\"?><文件目录>{}{}{}</文件目录>",
        item(1, "请示", "电子档案\\2004\\J020-2004-001\\001.pdf"),
        item(2, "批复", "002.pdf"),
        item(
            3,
            "附图（图一、图二）",
            "电子档案/2004/J020-2004-001/003/1.tif;电子档案/2004/J020-2004-001/003/2.tif"
        ),
    );
    write(root, "文件目录.XML", &gb18030(&items));
    for name in ["001.pdf", "002.pdf"] {
        write(root, &format!("电子档案/2004/J020-2004-001/{name}"), b"%PDF-1.4\n%%EOF\n");
    }
    for name in ["1.tif", "2.tif"] {
        write(root, &format!("电子档案/2004/J020-2004-001/003/{name}"), b"II*\0");
    }
    write(root, "其他/移交登记表.txt", b"x");
}

#[test]
fn a_carrier_of_2012_with_both_lists_is_judged_by_both() {
    let dir = tempfile::tempdir().unwrap();
    carrier(dir.path());
    let verification = judged(dir.path());
    assert_eq!(told(&verification), "");
    assert_eq!(
        (verification.facts.kinds.as_slice(), verification.facts.items),
        ([Kind::Carrier2012].as_slice(), 3)
    );
    let digests = verification.checks.iter().find(|check| check.code == "YJ-1-1").unwrap();
    insta::assert_snapshot!(digests.detail.en, @"there are no digests in the package: whether content was changed can't be told");
    for name in ["001.pdf", "002.pdf", "003/2.tif"] {
        fs::remove_file(dir.path().join("电子档案/2004/J020-2004-001").join(name)).unwrap();
    }
    write(dir.path(), "电子档案/2005/stray.pdf", b"%PDF-1.4");
    insta::assert_snapshot!(told(&judged(dir.path())), @"
    error X5 002.pdf: missing: listed in 文件目录.XML, not in the package
    error X5 电子档案/2004/J020-2004-001/001.pdf: missing: listed in 文件目录.XML, not in the package
    error X5 电子档案/2004/J020-2004-001/003/2.tif: missing: listed in 文件目录.XML, not in the package
    error X5 电子档案/2005/stray.pdf: extra: not listed in 文件目录.XML, 案卷目录.XML
    ");
}

#[test]
fn a_carrier_whose_lists_or_explanation_are_faulty_is_refused() {
    let said = |deed: fn(&Path)| {
        let dir = tempfile::tempdir().unwrap();
        carrier(dir.path());
        deed(dir.path());
        let verification = judged(dir.path());
        assert!(!verification.valid);
        told(&verification).lines().filter(|line| line.starts_with("error")).collect::<Vec<_>>().join("\n")
    };
    insta::assert_snapshot!(said(|root| fs::remove_file(root.join("说明文件.TXT")).unwrap()), @"error X5 说明文件.TXT: the explanatory file is missing");
    insta::assert_snapshot!(said(|root| write(root, "说明文件.TXT", b"")), @"error X5 说明文件.TXT: the explanatory file has no label and value");
    let empty = said(|root| write(root, "文件目录.XML", "<文件目录/>".as_bytes()));
    assert!(empty.contains("error X5 文件目录.XML: the list is empty: nothing was checked"), "{empty}");
    let outside = said(|root| {
        let list = fs::read(root.join("案卷目录.XML")).unwrap();
        let list = encoding_rs::GB18030.decode(&list).0.replace("电子档案\\2004", "..\\..\\2004");
        write(root, "案卷目录.XML", &gb18030(&list));
    });
    assert!(outside.contains("案卷目录.XML: the path ../../2004/J020-2004-001 is unsafe"), "{outside}");
}

#[test]
fn a_dat93_package_is_judged_item_by_item() {
    let dir = tempfile::tempdir().unwrap();
    let code = |number: u32| format!("J020-WS·2004·Y-{number:03}");
    let rows: String = (1..=3)
        .map(|number| {
            format!(
                "<文件><顺序号>{number}</顺序号><档号>{}</档号><责任者>县水利局</责任者><题名>请示</题名><日期>20040516</日期>\
                 <保管期限>永久</保管期限><密级></密级><备注></备注></文件>",
                code(number)
            )
        })
        .collect();
    let root = dir.path().join("移交包");
    let folder = |number: u32| format!("J020/WS/2004/{}", code(number));
    let explanation = EXPLANATION.replace("档案数量：1", "档案数量：3件");
    write(&root, "说明文件.TXT", &gb18030(&explanation));
    write(&root, "目录文件.XML", format!("<文件目录>{rows}</文件目录>").as_bytes());
    for number in 1..=3 {
        let metadata = "<电子文件元数据><电子属性><计算机文件名>1.pdf</计算机文件名><计算机文件大小>9</计算机文件大小></电子属性></电子文件元数据>";
        write(&root, &format!("{}/电子档案1元数据.XML", folder(number)), metadata.as_bytes());
        write(&root, &format!("{}/1.pdf", folder(number)), b"%PDF-1.4\n");
    }
    write(&root, "其他/登记表.txt", b"x");
    for place in [dir.path(), &root] {
        let verification = judged(place);
        assert_eq!(told(&verification), "");
        assert_eq!(verification.facts.kinds, [Kind::Dat93]);
    }
    fs::remove_file(root.join(folder(1)).join("1.pdf")).unwrap();
    write(&root, &format!("{}/1.pdf", folder(2)), b"%PDF-1.4 changed\n");
    fs::remove_dir_all(root.join(folder(3))).unwrap();
    write(&root, "Thumbs.db", b"x");
    write(&root, "J020/WS/2004/旧/2.pdf", b"%PDF");
    write(&root, "说明文件.TXT", EXPLANATION.replace("软硬件环境：无\r\n", "").as_bytes());
    insta::assert_snapshot!(told(&judged(&root)), @"
    error X5 J020/WS/2004/J020-WS·2004·Y-001: missing: J020-WS·2004·Y-001 has no content
    error X5 J020/WS/2004/J020-WS·2004·Y-001/1.pdf: missing: listed in J020-WS·2004·Y-001/电子档案1元数据.XML, not in the package
    error X5 J020/WS/2004/J020-WS·2004·Y-002/1.pdf: changed: its length should be 9, it is 17 (J020-WS·2004·Y-002/电子档案1元数据.XML)
    error X5 J020/WS/2004/旧/2.pdf: extra: not listed in 目录文件.XML
    error X5 Thumbs.db: extra: not listed in 目录文件.XML
    error X5 目录文件.XML: missing: the list has J020-WS·2004·Y-003, there is no folder for it
    error X5 说明文件.TXT: declares 1 items, the list has 3
    error X5 说明文件.TXT: the explanatory file lacks 软硬件环境
    ");
}

#[test]
fn an_encapsulation_handed_over_as_a_file_is_judged_without_a_folder() {
    let dir = tempfile::tempdir().unwrap();
    let (folder, _) = built(dir.path());
    let eep = folder.join("data/J019-2004/representations/rep1/metadata/descriptive/J019-2004-001-001.eep");
    let alone = dir.path().join("alone.eep");
    fs::copy(eep, &alone).unwrap();
    let told = told(&judged(&alone));
    insta::assert_snapshot!(told.lines().next().unwrap_or_default(), @"error X5 data/J019/WS/2004/J019-2004-001-001/J019-2004-001-001-01.tif: missing: listed in alone.eep, not in the package");
    write(dir.path(), "note.txt", b"x");
    let refused = archive_transfer::verify(&dir.path().join("note.txt"), &archive_transfer::progress::silent);
    assert!(refused.unwrap_err().message().zh.starts_with("不是移交包"));
}

/// Names and contents packages are made of, good and bad.
const NAMES: [&str; 16] = [
    "bagit.txt",
    "bag-info.txt",
    "manifest-sha256.txt",
    "manifest-md5.txt",
    "tagmanifest-sha256.txt",
    "METS.xml",
    "metadata/premis.xml",
    "说明文件.TXT",
    "文件目录.XML",
    "目录文件.XML",
    "案卷目录.XML",
    "a.eep",
    "data/1.pdf",
    "data/文/2.tif",
    "representations/rep1/METS.xml",
    "representations/rep1/data/3.pdf",
];

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(128))]

    /// Whatever lies there, a folder and a zip of it get the same report, to the byte.
    #[test]
    fn a_folder_and_a_zip_of_it_get_the_same_report(
        chosen in proptest::collection::btree_map(0..NAMES.len(), 0_usize..12, 1..12),
    ) {
        let digest = "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae";
        let contents = [
            "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n".to_owned(),
            "BagIt-Version: 0.97\nTag-File-Character-Encoding: GB18030\n".to_owned(),
            "Payload-Oxum: 3.1\nSource-Organization: x\n".to_owned(),
            format!("{digest}  data/1.pdf\n{digest}  data/文/2.tif\n{digest}  data/gone\n"),
            format!("{digest}  bagit.txt\n{digest}  bag-info.txt\n"),
            "foo".to_owned(),
            "<mets><file SIZE='3' CHECKSUMTYPE='MD5' CHECKSUM='acbd18db4cc2f85cedef654fccc4a4d8'>\
             <FLocat href='data/1.pdf'/></file><mptr href='representations/rep1/METS.xml'/>\
             <mdRef href='../x'/></mets>".to_owned(),
            format!("<mets><file CHECKSUMTYPE='SHA-256' CHECKSUM='{digest}'><FLocat href='data/3.pdf'/></file></mets>"),
            EXPLANATION.to_owned(),
            "<文件目录><文件><顺序号>1</顺序号><档号>J020-WS·2004·Y-001</档号><电子档案名称>data/1.pdf;data/9</电子档案名称>\
             </文件><文件><档号>J020-WS·2004·Y-001</档号></文件></文件目录>".to_owned(),
            "<电子文件封装包><版本>2009</版本><编码><计算机文件名>data/1.pdf</计算机文件名><计算机文件大小>3</计算机文件大小>\
             <反编码关键字>sha256-base64Binary</反编码关键字><编码数据>LCa0a2j/xo/5m0U8HTBBNBNCLXBkg7+g+YpeiGJm564=</编码数据></编码>\
             </电子文件封装包>".to_owned(),
            "<!DOCTYPE x><x/>".to_owned(),
        ];
        let dir = tempfile::tempdir().unwrap();
        let (folder, zip) = (dir.path().join("p"), dir.path().join("p.zip"));
        let mut writer = zip::ZipWriter::new(fs::File::create(&zip).unwrap());
        let stored = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
        // In another order than a folder is sorted in.
        for (name, content) in chosen.iter().rev() {
            write(&folder, NAMES[*name], contents[*content].as_bytes());
            writer.start_file(NAMES[*name], stored).unwrap();
            std::io::Write::write_all(&mut writer, contents[*content].as_bytes()).unwrap();
        }
        writer.finish().unwrap();
        let report = |path: &Path| serde_json::to_string_pretty(&judged(path)).unwrap();
        proptest::prop_assert_eq!(report(&folder), report(&zip));
    }
}
