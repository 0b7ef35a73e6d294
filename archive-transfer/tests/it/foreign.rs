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
