BEGIN TRANSACTION;
CREATE TABLE alarm (
	id CHAR(32) NOT NULL, 
	event_id CHAR(32) NOT NULL, 
	state TEXT NOT NULL, 
	raised_at BIGINT NOT NULL, 
	incident CHAR(32), 
	acknowledged_by_fact CHAR(32), 
	body JSON NOT NULL, 
	conflicts JSON NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "alarm" VALUES('ab60126b321a5ceb832a67ed0c2efe95','7340c52b51114deb973dc313b5744ba1','acknowledged',1772341345123456,'d07446c6c7005e8dbdfa045b3954aa76','4d34fd8710a24553a82defba63781bb0','{"acknowledged_at":"2026-03-01T05:02:25.123456+00:00","acknowledged_by":"kim","caused_by":"7340c52b-5111-4deb-973d-c313b5744ba1","centre":"anyang","desk":"crime","district":"manan","event_id":"7340c52b-5111-4deb-973d-c313b5744ba1","id":"ab60126b-321a-5ceb-832a-67ed0c2efe95","incident":"d07446c6-c700-5e8d-bdfa-045b3954aa76","kind":"sos","mode":"test","origin":"00000000-0000-0000-0000-000000000001","place":[37.4,126.9,12.0],"priority":"critical","raised_at":"2026-03-01T05:02:25.123456+00:00","rule":"sos","source":"session-7","state":"acknowledged","title":"alarm.sos","title_params":{"session":"session-7"}}','[]');
INSERT INTO "alarm" VALUES('b8c9b4eee32f5f578d2c7ac5a10dd178','df6f649a4f1e4b2b8792d78b78046bed','unacknowledged',1772341345123456,NULL,NULL,'{"acknowledged_at":null,"acknowledged_by":null,"caused_by":"df6f649a-4f1e-4b2b-8792-d78b78046bed","centre":"anyang","desk":"crime","district":"manan","event_id":"df6f649a-4f1e-4b2b-8792-d78b78046bed","id":"b8c9b4ee-e32f-5f57-8d2c-7ac5a10dd178","incident":null,"kind":"sos","mode":"test","origin":"00000000-0000-0000-0000-000000000001","place":[37.4,126.9,12.0],"priority":"critical","raised_at":"2026-03-01T05:02:25.123456+00:00","rule":"sos","source":"session-7","state":"unacknowledged","title":"alarm.sos","title_params":{"session":"session-7"}}','[]');
CREATE TABLE alarm_event (
	id CHAR(32) NOT NULL, 
	origin CHAR(32) NOT NULL, 
	centre TEXT NOT NULL, 
	district TEXT NOT NULL, 
	mode TEXT NOT NULL, 
	caused_by CHAR(32), 
	subject CHAR(32) NOT NULL, 
	step TEXT NOT NULL, 
	at BIGINT NOT NULL, 
	actor TEXT NOT NULL, 
	hlc BIGINT NOT NULL, 
	fields JSON NOT NULL, 
	schema_version BIGINT NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "alarm_event" VALUES('e8e508b128f1464a9d7ceaab869a4e83','00000000000000000000000000000001','anyang','manan','test','7340c52b51114deb973dc313b5744ba1','ab60126b321a5ceb832a67ed0c2efe95','raised',1772341345123456,'rule:sos',116152162393980929,'{"accuracy_m":12.0,"desk":"crime","event_id":"7340c52b-5111-4deb-973d-c313b5744ba1","kind":"sos","lat":37.4,"lon":126.9,"priority":"critical","rule":"sos","source":"session-7","title":"alarm.sos","title_params":{"session":"session-7"}}',1);
INSERT INTO "alarm_event" VALUES('b3a938bddb9347149093e48426166aea','00000000000000000000000000000001','anyang','manan','test','df6f649a4f1e4b2b8792d78b78046bed','b8c9b4eee32f5f578d2c7ac5a10dd178','raised',1772341345123456,'rule:sos',116152162393980931,'{"accuracy_m":12.0,"desk":"crime","event_id":"df6f649a-4f1e-4b2b-8792-d78b78046bed","kind":"sos","lat":37.4,"lon":126.9,"priority":"critical","rule":"sos","source":"session-7","title":"alarm.sos","title_params":{"session":"session-7"}}',1);
INSERT INTO "alarm_event" VALUES('4d34fd8710a24553a82defba63781bb0','00000000000000000000000000000001','anyang','manan','test','7340c52b51114deb973dc313b5744ba1','ab60126b321a5ceb832a67ed0c2efe95','acknowledged',1772341345123456,'kim',116152162393980932,'{}',1);
INSERT INTO "alarm_event" VALUES('3f9af905f26e4596998b61cf1875ec26','00000000000000000000000000000001','anyang','manan','test','7340c52b51114deb973dc313b5744ba1','ab60126b321a5ceb832a67ed0c2efe95','linked',1772341345123456,'kim',116152162393980934,'{"incident":"d07446c6-c700-5e8d-bdfa-045b3954aa76"}',1);
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0001');
CREATE TABLE audit (
	seq BIGINT NOT NULL, 
	at TEXT NOT NULL, 
	actor TEXT NOT NULL, 
	action TEXT NOT NULL, 
	subject TEXT NOT NULL, 
	purpose TEXT NOT NULL, 
	prev_hash TEXT NOT NULL, 
	hash TEXT NOT NULL, 
	PRIMARY KEY (seq)
);
INSERT INTO "audit" VALUES(1,'2026-03-01T05:02:25.123456+00:00','kim','acknowledge','alarm/1','','0000000000000000000000000000000000000000000000000000000000000000','1995f2f34394b6ee5d6dde3d105de083586803f00026821f8d7a171541a2e260');
CREATE TABLE camera (
	no BIGINT NOT NULL, 
	name TEXT NOT NULL, 
	site TEXT NOT NULL, 
	site_kind TEXT NOT NULL, 
	district TEXT NOT NULL, 
	lat DOUBLE NOT NULL, 
	lon DOUBLE NOT NULL, 
	accuracy_m DOUBLE, 
	bearing_deg DOUBLE, 
	main_url TEXT NOT NULL, 
	sub_url TEXT NOT NULL, 
	onvif_url TEXT NOT NULL, 
	credentials TEXT NOT NULL, 
	PRIMARY KEY (no)
);
INSERT INTO "camera" VALUES(417,'청라 Park','A-12','park','cheongna',37.53,126.64,3.0,90.5,'rtsp://10.0.0.7/main','rtsp://10.0.0.7/sub','http://10.0.0.7/onvif','practice');
INSERT INTO "camera" VALUES(12,'범계역','B-1','intersection','dongan',37.4,126.9,NULL,NULL,'','','','');
CREATE TABLE change_log (
	epoch CHAR(32) NOT NULL, 
	seq BIGINT NOT NULL, 
	kind TEXT NOT NULL, 
	pk CHAR(32) NOT NULL, 
	hlc BIGINT NOT NULL, 
	payload JSON NOT NULL, 
	schema_version BIGINT NOT NULL, 
	PRIMARY KEY (epoch, seq)
);
INSERT INTO "change_log" VALUES('0259e5cad9314cb8930968a7dee53197',1,'event','7340c52b51114deb973dc313b5744ba1',116152162393980928,'{"actor":"","at":"2026-03-01T05:02:25.123456+00:00","caused_by":null,"centre":"anyang","district":"manan","fields":{"accuracy_m":12.0,"details":{"battery":0.4,"words":["급해요"]},"kind":"sos","lat":37.4,"lon":126.9,"raw":"","received_at":"2026-03-01T05:02:25.123456+00:00","source":"session-7","subject":null},"mode":"test","step":"reported","subject":"7340c52b-5111-4deb-973d-c313b5744ba1"}',1);
INSERT INTO "change_log" VALUES('0259e5cad9314cb8930968a7dee53197',2,'alarm_event','e8e508b128f1464a9d7ceaab869a4e83',116152162393980929,'{"actor":"rule:sos","at":"2026-03-01T05:02:25.123456+00:00","caused_by":"7340c52b-5111-4deb-973d-c313b5744ba1","centre":"anyang","district":"manan","fields":{"accuracy_m":12.0,"desk":"crime","event_id":"7340c52b-5111-4deb-973d-c313b5744ba1","kind":"sos","lat":37.4,"lon":126.9,"priority":"critical","rule":"sos","source":"session-7","title":"alarm.sos","title_params":{"session":"session-7"}},"mode":"test","step":"raised","subject":"ab60126b-321a-5ceb-832a-67ed0c2efe95"}',1);
INSERT INTO "change_log" VALUES('0259e5cad9314cb8930968a7dee53197',3,'event','df6f649a4f1e4b2b8792d78b78046bed',116152162393980930,'{"actor":"","at":"2026-03-01T05:02:25.123456+00:00","caused_by":null,"centre":"anyang","district":"manan","fields":{"accuracy_m":12.0,"details":{"battery":0.4,"words":["급해요"]},"kind":"sos","lat":37.4,"lon":126.9,"raw":"","received_at":"2026-03-01T05:02:25.123456+00:00","source":"session-7","subject":null},"mode":"test","step":"reported","subject":"df6f649a-4f1e-4b2b-8792-d78b78046bed"}',1);
INSERT INTO "change_log" VALUES('0259e5cad9314cb8930968a7dee53197',4,'alarm_event','b3a938bddb9347149093e48426166aea',116152162393980931,'{"actor":"rule:sos","at":"2026-03-01T05:02:25.123456+00:00","caused_by":"df6f649a-4f1e-4b2b-8792-d78b78046bed","centre":"anyang","district":"manan","fields":{"accuracy_m":12.0,"desk":"crime","event_id":"df6f649a-4f1e-4b2b-8792-d78b78046bed","kind":"sos","lat":37.4,"lon":126.9,"priority":"critical","rule":"sos","source":"session-7","title":"alarm.sos","title_params":{"session":"session-7"}},"mode":"test","step":"raised","subject":"b8c9b4ee-e32f-5f57-8d2c-7ac5a10dd178"}',1);
INSERT INTO "change_log" VALUES('0259e5cad9314cb8930968a7dee53197',5,'alarm_event','4d34fd8710a24553a82defba63781bb0',116152162393980932,'{"actor":"kim","at":"2026-03-01T05:02:25.123456+00:00","caused_by":"7340c52b-5111-4deb-973d-c313b5744ba1","centre":"anyang","district":"manan","fields":{},"mode":"test","step":"acknowledged","subject":"ab60126b-321a-5ceb-832a-67ed0c2efe95"}',1);
INSERT INTO "change_log" VALUES('0259e5cad9314cb8930968a7dee53197',6,'incident_event','8237f834cbee4bbda6fe848565af7895',116152162393980933,'{"actor":"kim","at":"2026-03-01T05:02:25.123456+00:00","caused_by":"ab60126b-321a-5ceb-832a-67ed0c2efe95","centre":"anyang","district":"manan","fields":{"accuracy_m":12.0,"alarms":["ab60126b-321a-5ceb-832a-67ed0c2efe95"],"desk":"crime","kind":"sos","lat":37.4,"lon":126.9,"number":"2026-anyang-000001","owner":"kim","priority":"critical"},"mode":"test","step":"opened","subject":"d07446c6-c700-5e8d-bdfa-045b3954aa76"}',1);
INSERT INTO "change_log" VALUES('0259e5cad9314cb8930968a7dee53197',7,'alarm_event','3f9af905f26e4596998b61cf1875ec26',116152162393980934,'{"actor":"kim","at":"2026-03-01T05:02:25.123456+00:00","caused_by":"7340c52b-5111-4deb-973d-c313b5744ba1","centre":"anyang","district":"manan","fields":{"incident":"d07446c6-c700-5e8d-bdfa-045b3954aa76"},"mode":"test","step":"linked","subject":"ab60126b-321a-5ceb-832a-67ed0c2efe95"}',1);
INSERT INTO "change_log" VALUES('0259e5cad9314cb8930968a7dee53197',8,'incident_event','b0bb4f9a7e204a8a9e72a610c9cab9bd',116152162393980935,'{"actor":"kim","at":"2026-03-01T05:02:25.123456+00:00","caused_by":"ab60126b-321a-5ceb-832a-67ed0c2efe95","centre":"anyang","district":"manan","fields":{"text":"순찰차 도착"},"mode":"test","step":"noted","subject":"d07446c6-c700-5e8d-bdfa-045b3954aa76"}',1);
INSERT INTO "change_log" VALUES('0259e5cad9314cb8930968a7dee53197',9,'event','f5e1a4a300314b97832893fb10715817',116152162393980938,'{"actor":"","at":"2026-03-01T05:02:25.123456+00:00","caused_by":null,"centre":"anyang","district":"manan","fields":{"accuracy_m":12.0,"details":{"battery":0.4,"words":["급해요"]},"kind":"start","lat":37.4,"lon":126.9,"raw":"","received_at":"2026-03-01T05:02:25.123456+00:00","source":"session-7","subject":"00000000-0000-0000-0000-000000000032"},"mode":"test","step":"reported","subject":"f5e1a4a3-0031-4b97-8328-93fb10715817"}',1);
CREATE TABLE event (
	id CHAR(32) NOT NULL, 
	origin CHAR(32) NOT NULL, 
	centre TEXT NOT NULL, 
	district TEXT NOT NULL, 
	mode TEXT NOT NULL, 
	caused_by CHAR(32), 
	subject CHAR(32) NOT NULL, 
	step TEXT NOT NULL, 
	at BIGINT NOT NULL, 
	actor TEXT NOT NULL, 
	hlc BIGINT NOT NULL, 
	fields JSON NOT NULL, 
	schema_version BIGINT NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "event" VALUES('7340c52b51114deb973dc313b5744ba1','00000000000000000000000000000001','anyang','manan','test',NULL,'7340c52b51114deb973dc313b5744ba1','reported',1772341345123456,'',116152162393980928,'{"accuracy_m":12.0,"details":{"battery":0.4,"words":["급해요"]},"kind":"sos","lat":37.4,"lon":126.9,"raw":"","received_at":"2026-03-01T05:02:25.123456+00:00","source":"session-7","subject":null}',1);
INSERT INTO "event" VALUES('df6f649a4f1e4b2b8792d78b78046bed','00000000000000000000000000000001','anyang','manan','test',NULL,'df6f649a4f1e4b2b8792d78b78046bed','reported',1772341345123456,'',116152162393980930,'{"accuracy_m":12.0,"details":{"battery":0.4,"words":["급해요"]},"kind":"sos","lat":37.4,"lon":126.9,"raw":"","received_at":"2026-03-01T05:02:25.123456+00:00","source":"session-7","subject":null}',1);
INSERT INTO "event" VALUES('f5e1a4a300314b97832893fb10715817','00000000000000000000000000000001','anyang','manan','test',NULL,'f5e1a4a300314b97832893fb10715817','reported',1772341345123456,'',116152162393980938,'{"accuracy_m":12.0,"details":{"battery":0.4,"words":["급해요"]},"kind":"start","lat":37.4,"lon":126.9,"raw":"","received_at":"2026-03-01T05:02:25.123456+00:00","source":"session-7","subject":"00000000-0000-0000-0000-000000000032"}',1);
CREATE TABLE incident (
	id CHAR(32) NOT NULL, 
	number TEXT NOT NULL, 
	status TEXT NOT NULL, 
	opened_at BIGINT NOT NULL, 
	body JSON NOT NULL, 
	conflicts JSON NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "incident" VALUES('d07446c6c7005e8dbdfa045b3954aa76','2026-anyang-000001','new',1772341345123456,'{"alarms":["ab60126b-321a-5ceb-832a-67ed0c2efe95"],"caused_by":"ab60126b-321a-5ceb-832a-67ed0c2efe95","centre":"anyang","desk":"crime","dispatched_at":null,"disposition":null,"district":"manan","id":"d07446c6-c700-5e8d-bdfa-045b3954aa76","kind":"sos","log":[{"actor":"kim","at":"2026-03-01T05:02:25.123456+00:00","fields":{"accuracy_m":12.0,"alarms":["ab60126b-321a-5ceb-832a-67ed0c2efe95"],"desk":"crime","kind":"sos","lat":37.4,"lon":126.9,"number":"2026-anyang-000001","owner":"kim","priority":"critical"},"step":"opened"},{"actor":"kim","at":"2026-03-01T05:02:25.123456+00:00","fields":{"text":"순찰차 도착"},"step":"noted"}],"mode":"test","number":"2026-anyang-000001","opened_at":"2026-03-01T05:02:25.123456+00:00","origin":"00000000-0000-0000-0000-000000000001","owner":"kim","place":[37.4,126.9,12.0],"priority":"critical","status":"new"}','[]');
CREATE TABLE incident_event (
	id CHAR(32) NOT NULL, 
	origin CHAR(32) NOT NULL, 
	centre TEXT NOT NULL, 
	district TEXT NOT NULL, 
	mode TEXT NOT NULL, 
	caused_by CHAR(32), 
	subject CHAR(32) NOT NULL, 
	step TEXT NOT NULL, 
	at BIGINT NOT NULL, 
	actor TEXT NOT NULL, 
	hlc BIGINT NOT NULL, 
	fields JSON NOT NULL, 
	schema_version BIGINT NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "incident_event" VALUES('8237f834cbee4bbda6fe848565af7895','00000000000000000000000000000001','anyang','manan','test','ab60126b321a5ceb832a67ed0c2efe95','d07446c6c7005e8dbdfa045b3954aa76','opened',1772341345123456,'kim',116152162393980933,'{"accuracy_m":12.0,"alarms":["ab60126b-321a-5ceb-832a-67ed0c2efe95"],"desk":"crime","kind":"sos","lat":37.4,"lon":126.9,"number":"2026-anyang-000001","owner":"kim","priority":"critical"}',1);
INSERT INTO "incident_event" VALUES('b0bb4f9a7e204a8a9e72a610c9cab9bd','00000000000000000000000000000001','anyang','manan','test','ab60126b321a5ceb832a67ed0c2efe95','d07446c6c7005e8dbdfa045b3954aa76','noted',1772341345123456,'kim',116152162393980935,'{"text":"순찰차 도착"}',1);
CREATE TABLE number_block (
	year BIGINT NOT NULL, 
	first BIGINT NOT NULL, 
	last BIGINT NOT NULL, 
	next BIGINT NOT NULL, 
	PRIMARY KEY (year, first)
);
INSERT INTO "number_block" VALUES(2026,1,1000,1);
CREATE TABLE operator (
	name TEXT NOT NULL, 
	display_name TEXT NOT NULL, 
	role TEXT NOT NULL, 
	desk TEXT NOT NULL, 
	verifier TEXT NOT NULL, 
	must_change_password BOOLEAN NOT NULL, 
	PRIMARY KEY (name)
);
INSERT INTO "operator" VALUES('kim','김','operator','','$argon2id$v=19$m=65536,t=3,p=4$A0LQNawEwlWCxpHcmBbJSw$3fdevBgxPs8j6sRgSTKyrEMfTdAr+wtzwTS4FWIsN6g',0);
CREATE TABLE person (
	subject CHAR(32) NOT NULL, 
	sealed BLOB NOT NULL, 
	erased_at BIGINT, 
	PRIMARY KEY (subject)
);
INSERT INTO "person" VALUES('00000000000000000000000000000032',X'017365616C6564',NULL);
CREATE TABLE person_key (
	subject CHAR(32) NOT NULL, 
	"key" BLOB NOT NULL, 
	PRIMARY KEY (subject)
);
INSERT INTO "person_key" VALUES('00000000000000000000000000000032',X'026B6579');
CREATE TABLE quarantine (
	id CHAR(32) NOT NULL, 
	topic TEXT NOT NULL, 
	body BLOB NOT NULL, 
	size BIGINT NOT NULL, 
	reason TEXT NOT NULL, 
	received_at BIGINT NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "quarantine" VALUES('2f75c4d36a2d4dbab31980b2689a652b','t',X'FF00',2,'odd',1772341345123456);
CREATE TABLE reading (
	ts BIGINT NOT NULL, 
	sensor TEXT NOT NULL, 
	quantity TEXT NOT NULL, 
	value DOUBLE NOT NULL, 
	id TEXT NOT NULL, 
	PRIMARY KEY (ts, sensor, quantity)
)
 WITHOUT ROWID

;
INSERT INTO "reading" VALUES(1772341345123456,'s-1','temperature',21.5,'r-1');
CREATE TABLE reading_1m (
	sensor TEXT NOT NULL, 
	quantity TEXT NOT NULL, 
	minute BIGINT NOT NULL, 
	count BIGINT NOT NULL, 
	total DOUBLE NOT NULL, 
	low DOUBLE NOT NULL, 
	high DOUBLE NOT NULL, 
	last DOUBLE NOT NULL, 
	last_ts BIGINT NOT NULL, 
	PRIMARY KEY (sensor, quantity, minute)
)
 WITHOUT ROWID

;
INSERT INTO "reading_1m" VALUES('s-1','temperature',1772341320000000,1,21.5,21.5,21.5,21.5,1772341345123456);
CREATE TABLE reading_latest (
	sensor TEXT NOT NULL, 
	quantity TEXT NOT NULL, 
	ts BIGINT NOT NULL, 
	value DOUBLE NOT NULL, 
	id TEXT NOT NULL, 
	PRIMARY KEY (sensor, quantity)
)
 WITHOUT ROWID

;
INSERT INTO "reading_latest" VALUES('s-1','temperature',1772341345123456,21.5,'r-1');
CREATE TABLE sync_state (
	"key" TEXT NOT NULL, 
	value TEXT NOT NULL, 
	PRIMARY KEY ("key")
);
INSERT INTO "sync_state" VALUES('origin','cc61303c-0d17-4a6b-a9fd-cd275ae5e1ed');
INSERT INTO "sync_state" VALUES('epoch','0259e5ca-d931-4cb8-9309-68a7dee53197');
INSERT INTO "sync_state" VALUES('acknowledged','4');
INSERT INTO "sync_state" VALUES('cursor','7:1');
CREATE TABLE unknown (
	origin CHAR(32) NOT NULL, 
	kind TEXT NOT NULL, 
	pk CHAR(32) NOT NULL, 
	hlc BIGINT NOT NULL, 
	payload JSON NOT NULL, 
	schema_version BIGINT NOT NULL, 
	reason TEXT NOT NULL, 
	received_at BIGINT NOT NULL, 
	PRIMARY KEY (origin, kind, pk)
);
INSERT INTO "unknown" VALUES('00000000000000000000000000000009','wall_event','0000000000000000000000000000004d',116152162393980936,'{"actor":"","at":"2026-03-01T05:02:25.123456+00:00","caused_by":null,"centre":"anyang","district":"","fields":{"monitors":[{"h":1080,"n":1,"w":1920}],"name":"south"},"mode":"test","step":"present","subject":"00000000-0000-0000-0000-000000000009"}',1,'wall_event version 1 needs a newer program',1772341345123456);
INSERT INTO "unknown" VALUES('00000000000000000000000000000009','patrol_event','0000000000000000000000000000004e',116152162393980937,'{"x":1}',1,'patrol_event version 1 needs a newer program',1772341345123456);
CREATE TABLE wall (
	id CHAR(32) NOT NULL, 
	name TEXT NOT NULL, 
	layout JSON NOT NULL, 
	changed_at BIGINT NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT wall_name UNIQUE (name)
);
INSERT INTO "wall" VALUES('0000000000000000000000000000003c','밤','{}',1772341345123456);
CREATE TABLE watch_list (
	id CHAR(32) NOT NULL, 
	plate TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	source TEXT NOT NULL, 
	keeper CHAR(32), 
	added_by TEXT NOT NULL, 
	added_at BIGINT NOT NULL, 
	expires_at BIGINT NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "watch_list" VALUES('0000000000000000000000000000003d','12가3456','stolen','112',NULL,'kim',1772341345123456,1782341345123456);
CREATE INDEX event_hlc ON event (hlc);
CREATE INDEX alarm_event_hlc ON alarm_event (hlc);
CREATE INDEX alarm_event_subject ON alarm_event (subject);
CREATE INDEX incident_event_hlc ON incident_event (hlc);
CREATE INDEX incident_event_subject ON incident_event (subject);
CREATE INDEX alarm_event_id ON alarm (event_id);
CREATE INDEX alarm_incident ON alarm (incident);
CREATE INDEX alarm_raised_at ON alarm (raised_at);
CREATE INDEX alarm_state ON alarm (state);
CREATE INDEX incident_number ON incident (number);
CREATE INDEX incident_status ON incident (status);
CREATE INDEX change_log_pk ON change_log (pk, epoch, seq);
CREATE INDEX quarantine_received_at ON quarantine (received_at);
CREATE INDEX watch_list_plate ON watch_list (plate);
COMMIT;
