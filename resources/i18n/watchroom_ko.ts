<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko_KR" sourcelanguage="en_US">
<context>
    <name>AimEditor</name>
    <message>
        <source>Calibration of {camera}</source>
        <translation>{camera} 위치 보정</translation>
    </message>
    <message>
        <source>The camera moves or does not tell where it points: a click here would say nothing.</source>
        <translation>카메라가 움직이는 중이거나 방향을 알려주지 않아, 여기에 찍어도 쓸 수 없습니다.</translation>
    </message>
    <message>
        <source>Pan {pan}, tilt {tilt}, zoom {zoom}</source>
        <translation>좌우 {pan}, 상하 {tilt}, 확대 {zoom}</translation>
    </message>
    <message>
        <source>Fits to {mean}° on average, {worst}° at worst (landmark {n} {name}).</source>
        <translation>평균 {mean}°, 최대 {worst}°(기준점 {n} {name}) 오차로 맞습니다.</translation>
    </message>
    <message>
        <source>Refused: landmark {n} {name} does not fit. Click it again, or remove it.</source>
        <translation>보정 거부: 기준점 {n} {name}이(가) 맞지 않습니다. 다시 찍거나 지우십시오.</translation>
    </message>
    <message>
        <source>Refused: take landmarks in other directions, and nearer or higher ones too.</source>
        <translation>보정 거부: 다른 방향의 기준점과 더 가깝거나 높은 기준점을 찍으십시오.</translation>
    </message>
    <message>
        <source>At least {n} landmarks are needed; {m} to go.</source>
        <translation>기준점이 {n}개 이상 필요합니다. {m}개 더 찍으십시오.</translation>
    </message>
    <message>
        <source>Calculating …</source>
        <translation>계산 중…</translation>
    </message>
    <message>
        <source>That proves nothing yet: so few clicks fit almost anything. Add a landmark.</source>
        <translation>아직 증명된 것이 없습니다. 이만큼으로는 거의 무엇이든 맞습니다. 기준점을 더하십시오.</translation>
    </message>
    <message>
        <source>Little proof: one more landmark would make it sure.</source>
        <translation>증명이 약합니다. 기준점을 하나 더 찍으면 확실해집니다.</translation>
    </message>
    <message>
        <source>Well proven.</source>
        <translation>충분히 증명되었습니다.</translation>
    </message>
    <message>
        <source>New picture [F5]</source>
        <translation>새 영상 [F5]</translation>
    </message>
    <message>
        <source>Landmarks</source>
        <translation>기준점 목록</translation>
    </message>
    <message>
        <source>Pick on the map [Ctrl+P]</source>
        <translation>지도에서 찍기 [Ctrl+P]</translation>
    </message>
    <message>
        <source>Add landmark [Insert]</source>
        <translation>기준점 추가 [Insert]</translation>
    </message>
    <message>
        <source>Remove [Ctrl+Delete]</source>
        <translation>지우기 [Ctrl+Delete]</translation>
    </message>
    <message>
        <source>Cancel [Esc]</source>
        <translation>취소 [Esc]</translation>
    </message>
    <message>
        <source>Save calibration [Ctrl+S]</source>
        <translation>보정 저장 [Ctrl+S]</translation>
    </message>
    <message>
        <source>Turn the camera to a landmark, take a new picture, click it there, then on the map.</source>
        <translation>카메라를 기준점으로 돌리고 새 영상을 받아, 영상에서 찍은 다음 지도에서 찍으십시오.</translation>
    </message>
    <message>
        <source>Landmark</source>
        <translation>기준점</translation>
    </message>
    <message>
        <source>Latitude, longitude</source>
        <translation>위도, 경도</translation>
    </message>
    <message>
        <source>Its height above the camera&apos;s ground</source>
        <translation>카메라가 선 땅에서 잰 높이</translation>
    </message>
    <message>
        <source>Height of the camera</source>
        <translation>카메라 높이</translation>
    </message>
</context>
<context>
    <name>AimModel</name>
    <message>
        <source>Landmark</source>
        <translation>기준점</translation>
    </message>
    <message>
        <source>Place</source>
        <translation>위치</translation>
    </message>
    <message>
        <source>Height</source>
        <translation>높이</translation>
    </message>
    <message>
        <source>Clicked</source>
        <translation>영상에서 찍음</translation>
    </message>
    <message>
        <source>Off by</source>
        <translation>오차</translation>
    </message>
    <message>
        <source>yes</source>
        <translation>예</translation>
    </message>
</context>
<context>
    <name>AimPicture</name>
    <message>
        <source>Picture to click landmarks in</source>
        <translation>기준점을 찍는 영상</translation>
    </message>
    <message>
        <source>{n} landmarks in this picture</source>
        <translation>이 영상의 기준점 {n}개</translation>
    </message>
</context>
<context>
    <name>AlarmModel</name>
    <message>
        <source>Priority</source>
        <translation>등급</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>시각</translation>
    </message>
    <message>
        <source>What</source>
        <translation>종류</translation>
    </message>
    <message>
        <source>Where</source>
        <translation>위치</translation>
    </message>
    <message>
        <source>Age</source>
        <translation>경과</translation>
    </message>
    <message>
        <source>Who</source>
        <translation>담당</translation>
    </message>
    <message>
        <source>here only: {name}</source>
        <translation>이 자리만: {name}</translation>
    </message>
    <message>
        <source>place unknown</source>
        <translation>위치 모름</translation>
    </message>
</context>
<context>
    <name>AlarmQueue</name>
    <message>
        <source>Alarms</source>
        <translation>알람</translation>
    </message>
    <message>
        <source>No open alarms.
A new one appears here by itself.</source>
        <translation>열린 알람이 없습니다.
새 알람은 여기에 저절로 나타납니다.</translation>
    </message>
    <message>
        <source>Acknowledge [Space]</source>
        <translation>확인 [Space]</translation>
    </message>
    <message>
        <source>Open incident [Shift+Space]</source>
        <translation>상황 열기 [Shift+Space]</translation>
    </message>
    <message>
        <source>FLOOD</source>
        <translation>폭주</translation>
    </message>
    <message>
        <source>busy</source>
        <translation>많음</translation>
    </message>
    <message>
        <source>load {n}/10 min</source>
        <translation>10분간 {n}건</translation>
    </message>
    <message>
        <source>none waiting</source>
        <translation>미확인 없음</translation>
    </message>
</context>
<context>
    <name>AlarmRow</name>
    <message>
        <source>ack. {name}</source>
        <translation>확인: {name}</translation>
    </message>
</context>
<context>
    <name>BookmarkNote</name>
    <message>
        <source>Note [Shift+B], Enter keeps it</source>
        <translation>메모 [Shift+B], Enter로 저장</translation>
    </message>
    <message>
        <source>Note for the bookmark</source>
        <translation>북마크 메모</translation>
    </message>
    <message>
        <source>room</source>
        <translation>상황실</translation>
    </message>
    <message>
        <source>Bookmark {time} {where}</source>
        <translation>북마크 {time} {where}</translation>
    </message>
</context>
<context>
    <name>CallUpDisplay</name>
    <message>
        <source>Typed number</source>
        <translation>입력한 번호</translation>
    </message>
    <message>
        <source>camera –</source>
        <translation>카메라 –</translation>
    </message>
    <message>
        <source>number, then Enter</source>
        <translation>번호, Enter</translation>
    </message>
</context>
<context>
    <name>CameraModel</name>
    <message>
        <source>no stream</source>
        <translation>영상 없음</translation>
    </message>
    <message>
        <source>lost</source>
        <translation>끊김</translation>
    </message>
    <message>
        <source>stale</source>
        <translation>갱신 멈춤</translation>
    </message>
    <message>
        <source>on the wall</source>
        <translation>표출 중</translation>
    </message>
    <message>
        <source>On the wall ({n})</source>
        <translation>상황판 ({n})</translation>
    </message>
</context>
<context>
    <name>CameraTree</name>
    <message>
        <source>Intersections</source>
        <translation>교차로</translation>
    </message>
    <message>
        <source>Crime prevention</source>
        <translation>방범</translation>
    </message>
    <message>
        <source>Shore</source>
        <translation>해변</translation>
    </message>
    <message>
        <source>Parks</source>
        <translation>공원</translation>
    </message>
    <message>
        <source>Roads</source>
        <translation>도로</translation>
    </message>
    <message>
        <source>Cameras</source>
        <translation>카메라</translation>
    </message>
    <message>
        <source>Number or name</source>
        <translation>번호 또는 이름</translation>
    </message>
    <message>
        <source>Find a camera by number or name</source>
        <translation>번호나 이름으로 카메라 찾기</translation>
    </message>
    <message>
        <source>{live} of {all} stream</source>
        <translation>{all}대 중 {live}대 송출</translation>
    </message>
    <message>
        <source>No camera matches “{sought}”.</source>
        <translation>“{sought}”에 맞는 카메라가 없습니다.</translation>
    </message>
    <message>
        <source>No cameras yet. Import a camera list.</source>
        <translation>카메라가 아직 없습니다. 카메라 목록을 가져오십시오.</translation>
    </message>
</context>
<context>
    <name>ClipModel</name>
    <message>
        <source>can&apos;t be read: {folder}</source>
        <translation>읽을 수 없음: {folder}</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>시각</translation>
    </message>
    <message>
        <source>Camera</source>
        <translation>카메라</translation>
    </message>
    <message>
        <source>What</source>
        <translation>내용</translation>
    </message>
    <message>
        <source>event</source>
        <translation>사건</translation>
    </message>
    <message>
        <source>by hand</source>
        <translation>수동</translation>
    </message>
    <message>
        <source>under way</source>
        <translation>녹화 중</translation>
    </message>
    <message>
        <source>gaps: {n}, {time}</source>
        <translation>공백 {n}곳, {time}</translation>
    </message>
</context>
<context>
    <name>CloseDialog</name>
    <message>
        <source>Close incident {number}? What was it?</source>
        <translation>상황 {number}을(를) 종결합니까? 결과는 무엇이었습니까?</translation>
    </message>
    <message>
        <source>Close incident [Enter]</source>
        <translation>상황 종결 [Enter]</translation>
    </message>
</context>
<context>
    <name>DispatchDialog</name>
    <message>
        <source>Whom to send to {number}?</source>
        <translation>{number}에 어느 기관의 출동을 요청합니까?</translation>
    </message>
    <message>
        <source>Ask them to go [Enter]</source>
        <translation>출동 요청 [Enter]</translation>
    </message>
    <message>
        <source>What to tell them</source>
        <translation>전달할 내용</translation>
    </message>
</context>
<context>
    <name>Gauge</name>
    <message>
        <source>advisory level</source>
        <translation>주의보 수준</translation>
    </message>
    <message>
        <source>warning level</source>
        <translation>경보 수준</translation>
    </message>
    <message>
        <source>no value yet</source>
        <translation>아직 값 없음</translation>
    </message>
    <message>
        <source>stale {age}</source>
        <translation>{age} 전 값</translation>
    </message>
    <message>
        <source>lost, {age} old</source>
        <translation>끊김, {age} 전 값</translation>
    </message>
</context>
<context>
    <name>GuardTourPage</name>
    <message>
        <source>Guard tours</source>
        <translation>프리셋 순찰</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>시작</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>정지</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>삭제</translation>
    </message>
    <message>
        <source>Place</source>
        <translation>프리셋</translation>
    </message>
    <message>
        <source> s</source>
        <translation>초</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>추가</translation>
    </message>
    <message>
        <source>Earlier</source>
        <translation>앞으로</translation>
    </message>
    <message>
        <source>Take out</source>
        <translation>빼기</translation>
    </message>
    <message>
        <source>Store tour</source>
        <translation>순찰 저장</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>이름</translation>
    </message>
    <message>
        <source>Places in turn</source>
        <translation>순서</translation>
    </message>
    <message>
        <source>Stays for</source>
        <translation>머무는 시간</translation>
    </message>
    <message>
        <source>Speed on the way</source>
        <translation>이동 속도</translation>
    </message>
    <message>
        <source>Select a tile with a camera that can be turned.</source>
        <translation>회전 카메라가 있는 칸을 선택하십시오.</translation>
    </message>
    <message>
        <source>No tour is running.</source>
        <translation>실행 중인 순찰이 없습니다.</translation>
    </message>
    <message>
        <source>starting</source>
        <translation>시작하는 중</translation>
    </message>
    <message>
        <source>running, by the camera itself</source>
        <translation>실행 중 (카메라가 직접)</translation>
    </message>
    <message>
        <source>running, by this console</source>
        <translation>실행 중 (이 콘솔이)</translation>
    </message>
    <message>
        <source>waiting: somebody has the camera</source>
        <translation>대기: 다른 사람이 쓰는 중</translation>
    </message>
    <message>
        <source>not running: the camera can&apos;t be sent there now; it is tried again</source>
        <translation>멈춤: 지금 그 위치로 보낼 수 없음, 다시 시도함</translation>
    </message>
    <message>
        <source>place {n} of {all}</source>
        <translation>{all}곳 중 {n}번째</translation>
    </message>
    <message>
        <source>{s} s, {speed} %</source>
        <translation>{s}초, {speed} %</translation>
    </message>
    <message>
        <source>Home view</source>
        <translation>기본위치</translation>
    </message>
    <message>
        <source>{no} (there is no such place)</source>
        <translation>{no} (없는 프리셋)</translation>
    </message>
    <message>
        <source>A name is needed.</source>
        <translation>이름을 입력하십시오.</translation>
    </message>
    <message>
        <source>A tour has two places at least, and not more than 64.</source>
        <translation>순찰에는 프리셋이 2곳 이상 64곳 이하여야 합니다.</translation>
    </message>
</context>
<context>
    <name>IncidentCard</name>
    <message>
        <source>Incident</source>
        <translation>상황</translation>
    </message>
    <message>
        <source>Acknowledge [Space]</source>
        <translation>확인 [Space]</translation>
    </message>
    <message>
        <source>Dispatch [D]</source>
        <translation>출동 요청 [D]</translation>
    </message>
    <message>
        <source>Close [C]</source>
        <translation>종결 [C]</translation>
    </message>
    <message>
        <source>Take on</source>
        <translation>처리 시작</translation>
    </message>
    <message>
        <source>Resolved</source>
        <translation>조치완료</translation>
    </message>
    <message>
        <source>Write a note, then Enter</source>
        <translation>기록을 쓰고 Enter</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>기록</translation>
    </message>
    <message>
        <source>Incident log</source>
        <translation>상황 기록</translation>
    </message>
    <message>
        <source>No incident chosen.
Open one from an alarm with Shift+Space.</source>
        <translation>선택한 상황이 없습니다.
알람에서 Shift+Space로 여십시오.</translation>
    </message>
    <message>
        <source>Incident {number}</source>
        <translation>상황 {number}</translation>
    </message>
    <message>
        <source>place unknown</source>
        <translation>위치 모름</translation>
    </message>
    <message>
        <source>rang {time}</source>
        <translation>발생 {time}</translation>
    </message>
    <message>
        <source>acknowledged {time}</source>
        <translation>확인 {time}</translation>
    </message>
    <message>
        <source>sent {time}</source>
        <translation>출동 {time}</translation>
    </message>
    <message>
        <source>open {time}</source>
        <translation>경과 {time}</translation>
    </message>
    <message>
        <source>acknowledged here only</source>
        <translation>이 자리에서만 확인됨</translation>
    </message>
    <message>
        <source>Reopen</source>
        <translation>다시 처리</translation>
    </message>
    <message>
        <source>An alarm of it is not acknowledged.</source>
        <translation>확인하지 않은 알람이 있습니다.</translation>
    </message>
    <message>
        <source>Nobody was sent.</source>
        <translation>출동을 요청하지 않았습니다.</translation>
    </message>
</context>
<context>
    <name>IncidentLog</name>
    <message>
        <source>opened the incident</source>
        <translation>상황 개시</translation>
    </message>
    <message>
        <source>number is now {number}</source>
        <translation>번호 부여: {number}</translation>
    </message>
    <message>
        <source>given to {name}</source>
        <translation>담당 지정: {name}</translation>
    </message>
    <message>
        <source>added another alarm</source>
        <translation>알람 추가</translation>
    </message>
    <message>
        <source>asked {agency} to go</source>
        <translation>출동 요청: {agency}</translation>
    </message>
    <message>
        <source>note</source>
        <translation>기록</translation>
    </message>
    <message>
        <source>Police (112)</source>
        <translation>경찰 (112)</translation>
    </message>
    <message>
        <source>Fire and rescue (119)</source>
        <translation>소방 (119)</translation>
    </message>
    <message>
        <source>City duty office</source>
        <translation>시청 당직실</translation>
    </message>
</context>
<context>
    <name>IncidentMap</name>
    <message>
        <source>Map</source>
        <translation>지도</translation>
    </message>
    <message>
        <source>The map is loading …</source>
        <translation>지도를 불러오는 중 …</translation>
    </message>
    <message>
        <source>Look here [L]</source>
        <translation>이곳 보기 [L]</translation>
    </message>
    <message>
        <source>Surround this place [Shift+L]</source>
        <translation>이곳 에워싸 보기 [Shift+L]</translation>
    </message>
    <message>
        <source>Let the cameras go back</source>
        <translation>카메라 제자리로 돌려보내기</translation>
    </message>
    <message>
        <source>The map stopped. It is being started again.</source>
        <translation>지도가 멈췄습니다. 다시 시작하고 있습니다.</translation>
    </message>
</context>
<context>
    <name>KeyHelp</name>
    <message>
        <source>Keys</source>
        <translation>단축키</translation>
    </message>
    <message>
        <source>In text fields letters are letters; Esc leads out of them.</source>
        <translation>글 입력란에서는 글자로 입력됩니다. Esc로 나옵니다.</translation>
    </message>
    <message>
        <source>camera 12 into the selected tile</source>
        <translation>12번 카메라를 선택한 화면에</translation>
    </message>
    <message>
        <source>camera 12 into tile 3</source>
        <translation>12번 카메라를 화면 3에</translation>
    </message>
    <message>
        <source>selected tile large, and back</source>
        <translation>선택한 화면 크게 보기, 되돌리기</translation>
    </message>
    <message>
        <source>find a camera</source>
        <translation>카메라 찾기</translation>
    </message>
    <message>
        <source>map large, and back</source>
        <translation>지도 크게 보기, 되돌리기</translation>
    </message>
    <message>
        <source>next alarm</source>
        <translation>다음 알람</translation>
    </message>
    <message>
        <source>previous camera, next camera</source>
        <translation>이전 카메라, 다음 카메라</translation>
    </message>
    <message>
        <source>go to a preset (Shift: store it)</source>
        <translation>프리셋으로 이동 (Shift: 저장)</translation>
    </message>
    <message>
        <source>acknowledge</source>
        <translation>확인</translation>
    </message>
    <message>
        <source>acknowledge and open the incident</source>
        <translation>확인하고 상황 열기</translation>
    </message>
    <message>
        <source>dispatch</source>
        <translation>출동 요청</translation>
    </message>
    <message>
        <source>write a note</source>
        <translation>기록 쓰기</translation>
    </message>
    <message>
        <source>close the case (asks once)</source>
        <translation>상황 종결 (한 번 묻습니다)</translation>
    </message>
    <message>
        <source>one step back</source>
        <translation>한 단계 뒤로</translation>
    </message>
    <message>
        <source>these keys</source>
        <translation>단축키 보기</translation>
    </message>
    <message>
        <source>? or Esc closes</source>
        <translation>? 또는 Esc로 닫기</translation>
    </message>
    <message>
        <source>Cameras</source>
        <translation>카메라</translation>
    </message>
    <message>
        <source>select another tile</source>
        <translation>다른 화면 선택</translation>
    </message>
    <message>
        <source>clear the selected tile</source>
        <translation>선택한 화면 비우기</translation>
    </message>
    <message>
        <source>Menu, right click</source>
        <translation>메뉴 키, 오른쪽 단추</translation>
    </message>
    <message>
        <source>all that a tile can do</source>
        <translation>화면에서 할 수 있는 모든 일</translation>
    </message>
    <message>
        <source>enlarge the picture; Esc: whole again</source>
        <translation>영상 확대, 축소 (Esc 전체)</translation>
    </message>
    <message>
        <source>Wheel</source>
        <translation>휠</translation>
    </message>
    <message>
        <source>enlarge at the pointer (PTZ: with Ctrl)</source>
        <translation>가리킨 곳 확대 (PTZ는 Ctrl과 함께)</translation>
    </message>
    <message>
        <source>move the enlarged part</source>
        <translation>확대한 부분 옮기기</translation>
    </message>
    <message>
        <source>Turning a camera (PTZ)</source>
        <translation>카메라 조작 (PTZ)</translation>
    </message>
    <message>
        <source>take the controls</source>
        <translation>조작 시작</translation>
    </message>
    <message>
        <source>places, lens, guard tours</source>
        <translation>프리셋, 렌즈, 프리셋 순찰</translation>
    </message>
    <message>
        <source>turn while held</source>
        <translation>누르는 동안 회전</translation>
    </message>
    <message>
        <source>zoom while held</source>
        <translation>누르는 동안 확대·축소</translation>
    </message>
    <message>
        <source>stop it, whoever set it off</source>
        <translation>누가 움직였든 정지</translation>
    </message>
    <message>
        <source>go to the home view</source>
        <translation>기본위치로 이동</translation>
    </message>
    <message>
        <source>leave the controls</source>
        <translation>조작 끝내기</translation>
    </message>
    <message>
        <source>look here: the nearest camera turns to the place</source>
        <translation>이곳 보기: 가장 가까운 카메라가 그곳을 향함</translation>
    </message>
    <message>
        <source>surround the place, and let go</source>
        <translation>이곳 에워싸 보기, 놓아주기</translation>
    </message>
    <message>
        <source>calibrate the selected camera</source>
        <translation>선택한 카메라 위치 보정</translation>
    </message>
    <message>
        <source>What was</source>
        <translation>지난 영상</translation>
    </message>
    <message>
        <source>replay 10 s (again: 30 s, 120 s)</source>
        <translation>10초 전부터 재생 (또 누르면 30초, 120초)</translation>
    </message>
    <message>
        <source>replay four tiles in step</source>
        <translation>화면 4개 동기 재생</translation>
    </message>
    <message>
        <source>slower, faster</source>
        <translation>느리게, 빠르게</translation>
    </message>
    <message>
        <source>hold it, go on</source>
        <translation>일시 정지, 계속</translation>
    </message>
    <message>
        <source>one picture back, one on</source>
        <translation>한 장면 뒤로, 앞으로</translation>
    </message>
    <message>
        <source>bookmark</source>
        <translation>북마크</translation>
    </message>
    <message>
        <source>a word to the bookmark</source>
        <translation>북마크에 메모</translation>
    </message>
    <message>
        <source>keep this picture</source>
        <translation>정지 화면 저장</translation>
    </message>
    <message>
        <source>record the camera, and end that</source>
        <translation>카메라 녹화, 녹화 끝</translation>
    </message>
    <message>
        <source>review what was recorded</source>
        <translation>녹화 영상 검토</translation>
    </message>
    <message>
        <source>Monitors</source>
        <translation>모니터</translation>
    </message>
    <message>
        <source>nine tiles on monitor 2</source>
        <translation>모니터 2를 9분할로</translation>
    </message>
    <message>
        <source>one large tile and five (1+7, 1+12, 2+8)</source>
        <translation>큰 화면 1개와 작은 화면 5개 (1+7, 1+12, 2+8)</translation>
    </message>
    <message>
        <source>call a salvo</source>
        <translation>일괄표출 호출</translation>
    </message>
    <message>
        <source>store what hangs there as a salvo</source>
        <translation>지금 화면을 묶음으로 저장</translation>
    </message>
    <message>
        <source>what hung there before</source>
        <translation>이전 화면으로 되돌리기</translation>
    </message>
    <message>
        <source>walls, salvos, tours, layouts, monitors</source>
        <translation>저장 화면, 일괄표출, 순차감시, 분할, 모니터</translation>
    </message>
    <message>
        <source>masks of the selected camera</source>
        <translation>선택한 카메라의 마스킹 영역</translation>
    </message>
    <message>
        <source>Alarms and incidents</source>
        <translation>알람과 상황</translation>
    </message>
    <message>
        <source>Views</source>
        <translation>보기</translation>
    </message>
    <message>
        <source>wall alone, and back</source>
        <translation>상황판만 보기, 되돌리기</translation>
    </message>
</context>
<context>
    <name>LayoutCanvas</name>
    <message>
        <source>Grid of the layout</source>
        <translation>화면 분할 격자</translation>
    </message>
    <message>
        <source>{n} tiles; column {column}, row {row}, tile {tile}</source>
        <translation>화면 {n}개, {column}열 {row}행, 화면 {tile}</translation>
    </message>
</context>
<context>
    <name>LayoutPage</name>
    <message>
        <source>Columns</source>
        <translation>열</translation>
    </message>
    <message>
        <source>Rows</source>
        <translation>행</translation>
    </message>
    <message>
        <source>Show on the monitor</source>
        <translation>모니터에 띄우기</translation>
    </message>
    <message>
        <source>{name} · {n} tiles</source>
        <translation>{name} · 화면 {n}개</translation>
    </message>
    <message>
        <source>monitor {n}</source>
        <translation>모니터 {n}</translation>
    </message>
    <message>
        <source>Grid</source>
        <translation>격자</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>이름</translation>
    </message>
    <message>
        <source>Drag over tiles to join them, double click to part them; or arrows with Shift, then Enter or Delete.
A layout is kept with the walls and salvos that are stored with it. One with a name like 3+4 can be typed: 1 * 3+4 Enter.</source>
        <translation>끌어서 화면을 합치고 두 번 눌러 나눕니다. 키로는 Shift+화살표로 고르고 Enter(합치기) 또는 Delete(나누기).
분할은 그 분할로 저장한 화면과 묶음에 함께 남습니다. 3+4처럼 이름을 붙이면 1 * 3+4 Enter로 부를 수 있습니다.</translation>
    </message>
    <message>
        <source>A name is needed.</source>
        <translation>이름을 입력하십시오.</translation>
    </message>
    <message>
        <source>These are {n} tiles; a monitor shows {most} at most. Join some.</source>
        <translation>화면이 {n}개입니다. 모니터에는 {most}개까지 띄울 수 있습니다. 일부를 합치십시오.</translation>
    </message>
    <message>
        <source>{name} is a layout that everybody has. Choose another name.</source>
        <translation>{name}은(는) 기본 분할입니다. 다른 이름을 쓰십시오.</translation>
    </message>
</context>
<context>
    <name>MaskCanvas</name>
    <message>
        <source>Picture to draw masks on</source>
        <translation>마스킹 영역을 그릴 화면</translation>
    </message>
    <message>
        <source>{n} masks, {m} corners set</source>
        <translation>마스킹 영역 {n}개, 찍은 꼭짓점 {m}개</translation>
    </message>
</context>
<context>
    <name>MaskEditor</name>
    <message>
        <source>Masks of {camera}</source>
        <translation>{camera} 마스킹 영역</translation>
    </message>
    <message>
        <source>Remove [Delete]</source>
        <translation>지우기 [Delete]</translation>
    </message>
    <message>
        <source>Save masks [Ctrl+S]</source>
        <translation>마스킹 영역 저장 [Ctrl+S]</translation>
    </message>
    <message>
        <source>Cancel [Esc]</source>
        <translation>취소 [Esc]</translation>
    </message>
    <message>
        <source>Click the corners; a double click closes the polygon. Drag a corner to move it.</source>
        <translation>꼭짓점을 차례로 누르고 두 번 눌러 닫습니다. 꼭짓점은 끌어서 옮깁니다.</translation>
    </message>
    <message>
        <source>Or arrows, Space for a corner, Enter to close, Backspace to take a corner back.</source>
        <translation>키보드: 화살표로 이동, Space로 꼭짓점, Enter로 닫기, Backspace로 마지막 꼭짓점 취소.</translation>
    </message>
    <message>
        <source>There is no picture of this camera now.</source>
        <translation>지금은 이 카메라의 영상이 없습니다.</translation>
    </message>
</context>
<context>
    <name>MessageStrip</name>
    <message>
        <source>Dismiss</source>
        <translation>닫기</translation>
    </message>
    <message>
        <source>{n} more</source>
        <translation>외 {n}건</translation>
    </message>
</context>
<context>
    <name>MonitorPage</name>
    <message>
        <source>Show numbers on all monitors</source>
        <translation>모든 모니터에 번호 표시</translation>
    </message>
    <message>
        <source>Open another monitor</source>
        <translation>모니터 추가</translation>
    </message>
    <message>
        <source>Move</source>
        <translation>옮기기</translation>
    </message>
    <message>
        <source>monitor {n}</source>
        <translation>모니터 {n}</translation>
    </message>
    <message>
        <source>the desk&apos;s own, on {screen}</source>
        <translation>관제석 화면, {screen}</translation>
    </message>
    <message>
        <source>{screen} is away</source>
        <translation>{screen} 연결 안 됨</translation>
    </message>
    <message>
        <source>an ordinary window: no screen is free</source>
        <translation>일반 창 (빈 디스플레이 없음)</translation>
    </message>
    <message>
        <source>Screen of monitor {n}</source>
        <translation>모니터 {n}의 디스플레이</translation>
    </message>
</context>
<context>
    <name>Opening</name>
    <message>
        <source>City situation room</source>
        <translation>도시 통합관제 상황실</translation>
    </message>
</context>
<context>
    <name>OpticsRow</name>
    <message>
        <source>Focus near</source>
        <translation>초점 가까이</translation>
    </message>
    <message>
        <source>Focus far</source>
        <translation>초점 멀리</translation>
    </message>
    <message>
        <source>Autofocus</source>
        <translation>자동 초점</translation>
    </message>
    <message>
        <source>Open iris</source>
        <translation>조리개 열기</translation>
    </message>
    <message>
        <source>Close iris</source>
        <translation>조리개 닫기</translation>
    </message>
    <message>
        <source>Automatic iris</source>
        <translation>자동 조리개</translation>
    </message>
    <message>
        <source>Wiper on</source>
        <translation>와이퍼 켜기</translation>
    </message>
    <message>
        <source>Wiper off</source>
        <translation>와이퍼 끄기</translation>
    </message>
    <message>
        <source>Washer</source>
        <translation>세척</translation>
    </message>
    <message>
        <source>Light on</source>
        <translation>조명 켜기</translation>
    </message>
    <message>
        <source>Light off</source>
        <translation>조명 끄기</translation>
    </message>
    <message>
        <source>Automatic light</source>
        <translation>자동 조명</translation>
    </message>
</context>
<context>
    <name>PlaceModel</name>
    <message>
        <source>{place} (the camera has it no more)</source>
        <translation>{place} (카메라에서 지워짐)</translation>
    </message>
    <message>
        <source>The camera calls it “{name}”.</source>
        <translation>카메라에 저장된 이름: “{name}”</translation>
    </message>
</context>
<context>
    <name>PlacePane</name>
    <message>
        <source>Places</source>
        <translation>프리셋</translation>
    </message>
    <message>
        <source>Go there</source>
        <translation>이동</translation>
    </message>
    <message>
        <source>Home view</source>
        <translation>기본위치</translation>
    </message>
    <message>
        <source>Store here</source>
        <translation>저장</translation>
    </message>
    <message>
        <source>Store over it</source>
        <translation>덮어쓰기</translation>
    </message>
    <message>
        <source>Rename</source>
        <translation>이름 바꾸기</translation>
    </message>
    <message>
        <source>Forget</source>
        <translation>지우기</translation>
    </message>
    <message>
        <source>Make it the home view</source>
        <translation>기본위치로 저장</translation>
    </message>
    <message>
        <source>Number of the place</source>
        <translation>프리셋 번호</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>이름</translation>
    </message>
    <message>
        <source>Name of the place</source>
        <translation>프리셋 이름</translation>
    </message>
    <message>
        <source>Select a tile with a camera that can be turned.</source>
        <translation>회전 카메라가 있는 칸을 선택하십시오.</translation>
    </message>
    <message>
        <source>Asking the camera …</source>
        <translation>카메라에 묻는 중 …</translation>
    </message>
    <message>
        <source>This camera has no places yet.</source>
        <translation>이 카메라에는 아직 프리셋이 없습니다.</translation>
    </message>
</context>
<context>
    <name>PlacesDialog</name>
    <message>
        <source>Places and guard tours</source>
        <translation>프리셋과 프리셋 순찰</translation>
    </message>
    <message>
        <source>Places</source>
        <translation>프리셋</translation>
    </message>
    <message>
        <source>Guard tours</source>
        <translation>프리셋 순찰</translation>
    </message>
</context>
<context>
    <name>PlanPage</name>
    <message>
        <source>Delete</source>
        <translation>삭제</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>이름</translation>
    </message>
    <message>
        <source>A name is needed.</source>
        <translation>이름을 입력하십시오.</translation>
    </message>
</context>
<context>
    <name>PtzPad</name>
    <message>
        <source>Camera controls: arrows turn, plus and minus zoom</source>
        <translation>카메라 조작: 화살표로 회전, +와 −로 확대·축소</translation>
    </message>
    <message>
        <source>Turn camera</source>
        <translation>카메라 조작</translation>
    </message>
    <message>
        <source>Speed</source>
        <translation>속도</translation>
    </message>
    <message>
        <source>Home view [Home]</source>
        <translation>기본위치 [Home]</translation>
    </message>
    <message>
        <source>Presets</source>
        <translation>프리셋</translation>
    </message>
    <message>
        <source>Stop [S]</source>
        <translation>정지 [S]</translation>
    </message>
    <message>
        <source>Left and up</source>
        <translation>왼쪽 위</translation>
    </message>
    <message>
        <source>Up</source>
        <translation>위</translation>
    </message>
    <message>
        <source>Right and up</source>
        <translation>오른쪽 위</translation>
    </message>
    <message>
        <source>Left</source>
        <translation>왼쪽</translation>
    </message>
    <message>
        <source>Right</source>
        <translation>오른쪽</translation>
    </message>
    <message>
        <source>Left and down</source>
        <translation>왼쪽 아래</translation>
    </message>
    <message>
        <source>Down</source>
        <translation>아래</translation>
    </message>
    <message>
        <source>Right and down</source>
        <translation>오른쪽 아래</translation>
    </message>
    <message>
        <source>Zoom in</source>
        <translation>확대</translation>
    </message>
    <message>
        <source>Zoom out</source>
        <translation>축소</translation>
    </message>
    <message>
        <source>Select a tile with a camera that can be turned.</source>
        <translation>회전할 수 있는 카메라의 화면을 선택하십시오.</translation>
    </message>
    <message>
        <source>This camera can&apos;t be turned.</source>
        <translation>회전할 수 없는 카메라입니다.</translation>
    </message>
    <message>
        <source>Hold a button or an arrow key to turn; let go to stop.</source>
        <translation>단추나 화살표 키를 누르는 동안 움직이고, 놓으면 멈춥니다.</translation>
    </message>
    <message>
        <source>{typed} – P: preset, Enter: camera</source>
        <translation>{typed} – P: 프리셋, Enter: 카메라</translation>
    </message>
    <message>
        <source>Presets [1–9]</source>
        <translation>프리셋 [1–9]</translation>
    </message>
</context>
<context>
    <name>PurposePrompt</name>
    <message>
        <source>Camera {camera} {name} leaves its home view. What for?</source>
        <translation>카메라 {camera} {name}: 기본위치를 벗어납니다. 목적은?</translation>
    </message>
    <message>
        <source>1-9 answers: what is held then turns it. Esc leaves it where it looks.</source>
        <translation>1-9로 고르면 누르고 있는 대로 움직입니다. Esc는 그대로 둡니다.</translation>
    </message>
    <message>
        <source>112 report</source>
        <translation>112 신고</translation>
    </message>
    <message>
        <source>SOS, emergency bell</source>
        <translation>긴급신고·비상벨</translation>
    </message>
    <message>
        <source>suspicious act seen</source>
        <translation>이상행동 확인</translation>
    </message>
    <message>
        <source>missing person</source>
        <translation>실종자 수색</translation>
    </message>
    <message>
        <source>patrol asks for it</source>
        <translation>순찰 요청</translation>
    </message>
    <message>
        <source>traffic accident</source>
        <translation>교통사고</translation>
    </message>
    <message>
        <source>fire, flood, disaster</source>
        <translation>화재·침수·재난</translation>
    </message>
    <message>
        <source>maintenance</source>
        <translation>장비 점검</translation>
    </message>
    <message>
        <source>training</source>
        <translation>훈련</translation>
    </message>
</context>
<context>
    <name>ReviewBar</name>
    <message>
        <source>Replay</source>
        <translation>재생</translation>
    </message>
    <message>
        <source>Replay {time}  −{age}</source>
        <translation>재생 {time}  −{age}</translation>
    </message>
    <message>
        <source>  {n} tiles in step</source>
        <translation>  화면 {n}개 동기 재생</translation>
    </message>
    <message>
        <source>no recording</source>
        <translation>녹화 없음</translation>
    </message>
</context>
<context>
    <name>ReviewControls</name>
    <message>
        <source>Rate</source>
        <translation>배속</translation>
    </message>
    <message>
        <source>−10 s</source>
        <translation>−10초</translation>
    </message>
    <message>
        <source>Ten seconds back</source>
        <translation>10초 뒤로</translation>
    </message>
    <message>
        <source>One picture back [Ctrl+←]</source>
        <translation>한 장면 뒤로 [Ctrl+←]</translation>
    </message>
    <message>
        <source>Pause or go on [Ctrl+Space]</source>
        <translation>일시정지·계속 [Ctrl+Space]</translation>
    </message>
    <message>
        <source>One picture on [Ctrl+→]</source>
        <translation>한 장면 앞으로 [Ctrl+→]</translation>
    </message>
    <message>
        <source>Slower [[]</source>
        <translation>느리게 [[]</translation>
    </message>
    <message>
        <source>Faster []]</source>
        <translation>빠르게 []]</translation>
    </message>
    <message>
        <source>Bookmark [B]</source>
        <translation>북마크 [B]</translation>
    </message>
    <message>
        <source>Bookmark this moment</source>
        <translation>이 시점 북마크</translation>
    </message>
    <message>
        <source>Snapshot</source>
        <translation>정지화면</translation>
    </message>
    <message>
        <source>Keep this picture [Ctrl+S]</source>
        <translation>이 장면 저장 [Ctrl+S]</translation>
    </message>
    <message>
        <source>Live [Esc]</source>
        <translation>실시간 [Esc]</translation>
    </message>
    <message>
        <source>Back to the live picture</source>
        <translation>실시간 영상으로</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>계속</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>일시정지</translation>
    </message>
</context>
<context>
    <name>ReviewList</name>
    <message>
        <source>Recorded here [L]</source>
        <translation>녹화 목록 [L]</translation>
    </message>
    <message>
        <source>No clips yet. Alarms and Ctrl+R make them.</source>
        <translation>아직 녹화된 구간이 없습니다. 경보나 Ctrl+R로 생깁니다.</translation>
    </message>
    <message>
        <source>Camera and time [G]</source>
        <translation>카메라와 시각 [G]</translation>
    </message>
</context>
<context>
    <name>ReviewTimeline</name>
    <message>
        <source>Timeline</source>
        <translation>시간선</translation>
    </message>
    <message>
        <source>{time}, {n} marks</source>
        <translation>{time}, 표시 {n}개</translation>
    </message>
</context>
<context>
    <name>ReviewWindow</name>
    <message>
        <source>Review</source>
        <translation>영상 검토</translation>
    </message>
    <message>
        <source>Open file… [Ctrl+O]</source>
        <translation>파일 열기… [Ctrl+O]</translation>
    </message>
    <message>
        <source>Open a recording</source>
        <translation>녹화 열기</translation>
    </message>
    <message>
        <source>one hour of it; it goes on to {time}, [G] opens more</source>
        <translation>그중 한 시간, 녹화는 {time}까지, 나머지는 [G]</translation>
    </message>
    <message>
        <source>files that can&apos;t be read: {n}</source>
        <translation>읽을 수 없는 파일 {n}개</translation>
    </message>
    <message>
        <source>The player (libVLC) is missing. Install it: {detail}</source>
        <translation>재생기(libVLC)가 없습니다. 설치하십시오: {detail}</translation>
    </message>
    <message>
        <source>This file can&apos;t be played: {detail}</source>
        <translation>이 파일은 재생할 수 없습니다: {detail}</translation>
    </message>
    <message>
        <source>The player stopped over this file. Any key of the player tries again.</source>
        <translation>이 파일에서 재생기가 멈췄습니다. 재생 키를 누르면 다시 시도합니다.</translation>
    </message>
    <message>
        <source>It can&apos;t be put together: {detail}</source>
        <translation>이어 붙일 수 없습니다: {detail}</translation>
    </message>
    <message>
        <source>Save as one file…</source>
        <translation>한 파일로 저장…</translation>
    </message>
    <message>
        <source>No recording is open.
Enter plays the chosen clip. Ctrl+O opens a file of any system (mp4, mkv, avi, ts, asf).</source>
        <translation>열린 녹화가 없습니다.
Enter로 고른 구간을 재생합니다. Ctrl+O로 다른 시스템의 파일(mp4, mkv, avi, ts, asf)도 엽니다.</translation>
    </message>
    <message>
        <source>Being put together…</source>
        <translation>이어 붙이는 중…</translation>
    </message>
    <message>
        <source>Nothing of this span is recorded here. {detail}</source>
        <translation>이 구간의 녹화가 여기에 없습니다. {detail}</translation>
    </message>
</context>
<context>
    <name>SalvoPage</name>
    <message>
        <source>Call</source>
        <translation>호출</translation>
    </message>
    <message>
        <source>Store what is on the monitors now</source>
        <translation>지금 화면 저장</translation>
    </message>
    <message>
        <source>Key</source>
        <translation>키</translation>
    </message>
    <message>
        <source>Presets</source>
        <translation>프리셋</translation>
    </message>
</context>
<context>
    <name>SalvoPresets</name>
    <message>
        <source>Camera that turns</source>
        <translation>회전 카메라</translation>
    </message>
    <message>
        <source>Preset</source>
        <translation>프리셋</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>추가</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>제거</translation>
    </message>
</context>
<context>
    <name>SavedPage</name>
    <message>
        <source>Show on the monitors</source>
        <translation>모니터에 띄우기</translation>
    </message>
    <message>
        <source>Store what is on the monitors now</source>
        <translation>지금 화면 저장</translation>
    </message>
    <message>
        <source>shared by all</source>
        <translation>모두 공유</translation>
    </message>
</context>
<context>
    <name>SavingLine</name>
    <message>
        <source>Not saved: this camera has privacy masks, and the recording is kept without them. It can&apos;t be saved with its masks yet.</source>
        <translation>저장하지 않았습니다: 이 카메라에는 사생활 보호 가림이 있는데 녹화 원본에는 가림이 없습니다. 가린 채로 저장하는 것은 아직 되지 않습니다.</translation>
    </message>
    <message>
        <source>Not saved: choose a folder outside of the console&apos;s own recordings.</source>
        <translation>저장하지 않았습니다: 콘솔의 녹화 폴더가 아닌 곳을 고르십시오.</translation>
    </message>
    <message>
        <source>Save as one file</source>
        <translation>한 파일로 저장</translation>
    </message>
    <message>
        <source>Matroska (*.mkv)</source>
        <translation>Matroska (*.mkv)</translation>
    </message>
    <message>
        <source>Being saved…</source>
        <translation>저장 중…</translation>
    </message>
    <message>
        <source>Saved. SHA-256 {detail}</source>
        <translation>저장했습니다. SHA-256 {detail}</translation>
    </message>
    <message>
        <source>Not saved: {detail}</source>
        <translation>저장하지 못했습니다: {detail}</translation>
    </message>
    <message>
        <source>Not saved: supervisors and administrators may save recordings.</source>
        <translation>저장하지 않았습니다: 녹화 저장은 감독자와 관리자만 할 수 있습니다.</translation>
    </message>
    <message>
        <source>Not saved: this camera is no longer in the register, so its privacy masks are not known.</source>
        <translation>저장하지 않았습니다: 이 카메라는 대장에 없어 사생활 보호 가림을 알 수 없습니다.</translation>
    </message>
</context>
<context>
    <name>SensorPanel</name>
    <message>
        <source>Environment</source>
        <translation>환경</translation>
    </message>
    <message>
        <source>no station reports yet</source>
        <translation>아직 보고한 관측소가 없습니다</translation>
    </message>
</context>
<context>
    <name>SignIn</name>
    <message>
        <source>Name</source>
        <translation>이름</translation>
    </message>
    <message>
        <source>Password</source>
        <translation>비밀번호</translation>
    </message>
    <message>
        <source>Present password</source>
        <translation>현재 비밀번호</translation>
    </message>
    <message>
        <source>New password</source>
        <translation>새 비밀번호</translation>
    </message>
    <message>
        <source>New password again</source>
        <translation>새 비밀번호 다시</translation>
    </message>
    <message>
        <source>Sign in [Enter]</source>
        <translation>로그인 [Enter]</translation>
    </message>
    <message>
        <source>Change password [Enter]</source>
        <translation>비밀번호 변경 [Enter]</translation>
    </message>
    <message>
        <source>Choose a new password of at least {n} characters.</source>
        <translation>{n}자 이상의 새 비밀번호를 정하십시오.</translation>
    </message>
    <message>
        <source>Checking…</source>
        <translation>확인하는 중…</translation>
    </message>
    <message>
        <source>Saving…</source>
        <translation>저장하는 중…</translation>
    </message>
    <message>
        <source>Type your name.</source>
        <translation>이름을 입력하십시오.</translation>
    </message>
    <message>
        <source>Type your password.</source>
        <translation>비밀번호를 입력하십시오.</translation>
    </message>
    <message>
        <source>The new password needs at least {n} characters.</source>
        <translation>새 비밀번호는 {n}자 이상이어야 합니다.</translation>
    </message>
    <message>
        <source>The new password is the present one. Choose another.</source>
        <translation>현재 비밀번호와 같습니다. 다른 비밀번호를 정하십시오.</translation>
    </message>
    <message>
        <source>The two new passwords differ. Type it again.</source>
        <translation>두 새 비밀번호가 다릅니다. 다시 입력하십시오.</translation>
    </message>
</context>
<context>
    <name>SpanForm</name>
    <message>
        <source> min</source>
        <translation>분</translation>
    </message>
    <message>
        <source>Open [Enter]</source>
        <translation>열기 [Enter]</translation>
    </message>
    <message>
        <source>Camera</source>
        <translation>카메라</translation>
    </message>
    <message>
        <source>Around</source>
        <translation>시각</translation>
    </message>
    <message>
        <source>For</source>
        <translation>길이</translation>
    </message>
</context>
<context>
    <name>StationPage</name>
    <message>
        <source>Send</source>
        <translation>보내기</translation>
    </message>
    <message>
        <source>Look again</source>
        <translation>다시 확인</translation>
    </message>
    <message>
        <source>Asking which workstations there are…</source>
        <translation>다른 관제석을 확인하는 중…</translation>
    </message>
    <message>
        <source>No other workstation has told headquarters of itself yet.</source>
        <translation>본부에 등록된 다른 관제석이 아직 없습니다.</translation>
    </message>
    <message>
        <source>monitor {n}</source>
        <translation>모니터 {n}</translation>
    </message>
    <message>
        <source>What hangs here on</source>
        <translation>보낼 화면</translation>
    </message>
    <message>
        <source>goes there to</source>
        <translation>받을 모니터</translation>
    </message>
    <message>
        <source>monitor {n} ({width} × {height})</source>
        <translation>모니터 {n} ({width} × {height})</translation>
    </message>
</context>
<context>
    <name>StatusBar</name>
    <message>
        <source>operator</source>
        <translation>관제요원</translation>
    </message>
    <message>
        <source>dispatcher</source>
        <translation>출동담당</translation>
    </message>
    <message>
        <source>supervisor</source>
        <translation>책임자</translation>
    </message>
    <message>
        <source>administrator</source>
        <translation>관리자</translation>
    </message>
    <message>
        <source>police liaison</source>
        <translation>상주경찰</translation>
    </message>
    <message>
        <source>Headquarters</source>
        <translation>본부</translation>
    </message>
    <message>
        <source>Field broker</source>
        <translation>현장 브로커</translation>
    </message>
    <message>
        <source>Cameras</source>
        <translation>카메라</translation>
    </message>
    <message>
        <source>Recorder</source>
        <translation>녹화</translation>
    </message>
    <message>
        <source>Disk</source>
        <translation>디스크</translation>
    </message>
    <message>
        <source>Helper processes</source>
        <translation>보조 프로세스</translation>
    </message>
    <message>
        <source>Mode</source>
        <translation>모드</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>시각</translation>
    </message>
    <message>
        <source>Signed in</source>
        <translation>로그인한 사람</translation>
    </message>
    <message>
        <source>broker</source>
        <translation>브로커</translation>
    </message>
    <message>
        <source>cameras {live}/{wanted}</source>
        <translation>카메라 {live}/{wanted}</translation>
    </message>
    <message>
        <source>PRACTICE</source>
        <translation>훈련</translation>
    </message>
    <message>
        <source>nobody signed in</source>
        <translation>로그인한 사람 없음</translation>
    </message>
    <message>
        <source>{name} unknown</source>
        <translation>{name} 상태 모름</translation>
    </message>
    <message>
        <source>{name} ok</source>
        <translation>{name} 정상</translation>
    </message>
    <message>
        <source>{name} away since {time}</source>
        <translation>{name} 끊김 ({time}부터)</translation>
    </message>
    <message>
        <source>headquarters</source>
        <translation>본부</translation>
    </message>
    <message>
        <source>{name} not set up</source>
        <translation>{name} 미설정</translation>
    </message>
    <message>
        <source>{n} waiting</source>
        <translation>대기 {n}건</translation>
    </message>
    <message>
        <source>{waiting}, oldest {age}</source>
        <translation>{waiting}, 가장 오래된 것 {age}</translation>
    </message>
    <message>
        <source>recorder in trouble since {time}</source>
        <translation>녹화 장애 {time}부터</translation>
    </message>
    <message>
        <source>recorder full of what is held</source>
        <translation>녹화 공간에 보존 영상만 남음</translation>
    </message>
    <message>
        <source>recorder ok</source>
        <translation>녹화 정상</translation>
    </message>
    <message>
        <source>recorder {age}</source>
        <translation>녹화 {age}</translation>
    </message>
    <message>
        <source>disk unknown</source>
        <translation>디스크 상태 모름</translation>
    </message>
    <message>
        <source>disk {n} GB free</source>
        <translation>디스크 여유 {n} GB</translation>
    </message>
    <message>
        <source>picture process</source>
        <translation>영상 프로세스</translation>
    </message>
    <message>
        <source>PTZ watchdog</source>
        <translation>PTZ 감시</translation>
    </message>
    <message>
        <source>database</source>
        <translation>데이터베이스</translation>
    </message>
    <message>
        <source>{names} down</source>
        <translation>{names} 중단</translation>
    </message>
    <message>
        <source>helpers ok</source>
        <translation>보조 프로세스 정상</translation>
    </message>
    <message>
        <source>helpers unknown</source>
        <translation>보조 프로세스 상태 모름</translation>
    </message>
</context>
<context>
    <name>Tile</name>
    <message>
        <source>Tile {n}</source>
        <translation>화면 {n}</translation>
    </message>
    <message>
        <source>{tile}: empty. Type a camera&apos;s number or drop one here.</source>
        <translation>{tile}: 비어 있음. 카메라 번호를 입력하거나 끌어다 놓으십시오.</translation>
    </message>
    <message>
        <source>connecting {age}</source>
        <translation>연결 중 {age}</translation>
    </message>
    <message>
        <source>stale {age}</source>
        <translation>{age} 전 영상</translation>
    </message>
    <message>
        <source>frozen {age}</source>
        <translation>멈춤 {age}</translation>
    </message>
    <message>
        <source>REPLAY −{age}</source>
        <translation>재생 −{age}</translation>
    </message>
    <message>
        <source>paused</source>
        <translation>일시정지</translation>
    </message>
    <message>
        <source>at {time}</source>
        <translation>{time} 시점</translation>
    </message>
    <message>
        <source>No recording</source>
        <translation>녹화 없음</translation>
    </message>
    <message>
        <source>opening the recording {age}</source>
        <translation>녹화 여는 중 {age}</translation>
    </message>
    <message>
        <source>since {time}</source>
        <translation>{time}부터</translation>
    </message>
    <message>
        <source>masked</source>
        <translation>마스킹</translation>
    </message>
    <message>
        <source>spot</source>
        <translation>집중화면</translation>
    </message>
    <message>
        <source>reduced</source>
        <translation>간소화</translation>
    </message>
    <message>
        <source>UNM.</source>
        <translation>해제</translation>
    </message>
    <message>
        <source>+{n} waiting</source>
        <translation>+{n}건 대기</translation>
    </message>
    <message>
        <source>UNMASKED</source>
        <translation>마스킹 해제</translation>
    </message>
    <message>
        <source>by size</source>
        <translation>크기에 맞게</translation>
    </message>
    <message>
        <source>small stream</source>
        <translation>저화질</translation>
    </message>
    <message>
        <source>large stream</source>
        <translation>고화질</translation>
    </message>
    <message>
        <source>keyframes only</source>
        <translation>키프레임만</translation>
    </message>
</context>
<context>
    <name>TileMenu</name>
    <message>
        <source>Tile {n}, camera {camera}</source>
        <translation>화면 {n}, 카메라 {camera}</translation>
    </message>
    <message>
        <source>Maximise</source>
        <translation>크게 보기</translation>
    </message>
    <message>
        <source>Replay 10 s</source>
        <translation>10초 전부터 재생</translation>
    </message>
    <message>
        <source>Bookmark</source>
        <translation>북마크</translation>
    </message>
    <message>
        <source>Snapshot</source>
        <translation>정지 화면 저장</translation>
    </message>
    <message>
        <source>Stop recording</source>
        <translation>녹화 중지</translation>
    </message>
    <message>
        <source>Record</source>
        <translation>녹화</translation>
    </message>
    <message>
        <source>Put masks back</source>
        <translation>마스킹 다시 적용</translation>
    </message>
    <message>
        <source>Lift masks…</source>
        <translation>마스킹 해제…</translation>
    </message>
    <message>
        <source>Spot tile</source>
        <translation>집중화면</translation>
    </message>
    <message>
        <source>Camera tour</source>
        <translation>순차감시</translation>
    </message>
    <message>
        <source>Clear tile</source>
        <translation>화면 비우기</translation>
    </message>
    <message>
        <source>Tile {n}</source>
        <translation>화면 {n}</translation>
    </message>
    <message>
        <source>Picture</source>
        <translation>화질</translation>
    </message>
</context>
<context>
    <name>Timeline</name>
    <message>
        <source>Alarms of the last 15 minutes</source>
        <translation>최근 15분의 알람</translation>
    </message>
    <message>
        <source>{n} alarms</source>
        <translation>알람 {n}건</translation>
    </message>
    <message>
        <source>15 min</source>
        <translation>15분</translation>
    </message>
    <message>
        <source>now</source>
        <translation>지금</translation>
    </message>
</context>
<context>
    <name>TourPage</name>
    <message>
        <source>Run in the selected tile</source>
        <translation>선택한 화면에서 순차감시</translation>
    </message>
    <message>
        <source>Store tour</source>
        <translation>순차감시 저장</translation>
    </message>
    <message>
        <source> s</source>
        <translation>초</translation>
    </message>
    <message>
        <source>Cameras</source>
        <translation>카메라</translation>
    </message>
    <message>
        <source>Each for</source>
        <translation>머무는 시간</translation>
    </message>
    <message>
        <source>Not cameras: {typed}</source>
        <translation>카메라 번호가 아닙니다: {typed}</translation>
    </message>
</context>
<context>
    <name>WallPictures</name>
    <message>
        <source>empty</source>
        <translation>비어 있음</translation>
    </message>
    <message>
        <source>spot tile: alarms come here</source>
        <translation>집중화면: 알람이 이곳에 뜸</translation>
    </message>
    <message>
        <source>monitor {n}</source>
        <translation>모니터 {n}</translation>
    </message>
</context>
<context>
    <name>WallPlans</name>
    <message>
        <source>shared by all</source>
        <translation>모두 공유</translation>
    </message>
    <message>
        <source>{n} cameras, {s} s each</source>
        <translation>카메라 {n}대, {s}초씩</translation>
    </message>
    <message>
        <source>monitors {list}</source>
        <translation>모니터 {list}</translation>
    </message>
    <message>
        <source>began {time}</source>
        <translation>{time} 시작</translation>
    </message>
</context>
<context>
    <name>WallPlansDialog</name>
    <message>
        <source>Walls, salvos, camera tours</source>
        <translation>저장 화면 · 일괄표출 · 순차감시</translation>
    </message>
    <message>
        <source>Walls</source>
        <translation>저장 화면</translation>
    </message>
    <message>
        <source>Salvos</source>
        <translation>일괄표출</translation>
    </message>
    <message>
        <source>Camera tours</source>
        <translation>순차감시</translation>
    </message>
    <message>
        <source>Layouts</source>
        <translation>화면 분할</translation>
    </message>
    <message>
        <source>Workstations</source>
        <translation>다른 관제석</translation>
    </message>
    <message>
        <source>Monitors</source>
        <translation>모니터</translation>
    </message>
    <message>
        <source>Close [Esc]</source>
        <translation>닫기 [Esc]</translation>
    </message>
</context>
<context>
    <name>WallView</name>
    <message>
        <source>Camera wall</source>
        <translation>카메라 상황판</translation>
    </message>
</context>
<context>
    <name>Words</name>
    <message>
        <source>{n} s</source>
        <translation>{n}초</translation>
    </message>
    <message>
        <source>{n} min</source>
        <translation>{n}분</translation>
    </message>
    <message>
        <source>{n} h</source>
        <translation>{n}시간</translation>
    </message>
    <message>
        <source>{n} d</source>
        <translation>{n}일</translation>
    </message>
    <message>
        <source>Critical</source>
        <translation>긴급</translation>
    </message>
    <message>
        <source>High</source>
        <translation>높음</translation>
    </message>
    <message>
        <source>Medium</source>
        <translation>보통</translation>
    </message>
    <message>
        <source>Low</source>
        <translation>낮음</translation>
    </message>
    <message>
        <source>Crime</source>
        <translation>방범</translation>
    </message>
    <message>
        <source>Traffic</source>
        <translation>교통</translation>
    </message>
    <message>
        <source>Disaster</source>
        <translation>재난</translation>
    </message>
    <message>
        <source>Facility</source>
        <translation>시설</translation>
    </message>
    <message>
        <source>New</source>
        <translation>접수</translation>
    </message>
    <message>
        <source>In progress</source>
        <translation>처리중</translation>
    </message>
    <message>
        <source>Resolved</source>
        <translation>조치완료</translation>
    </message>
    <message>
        <source>Closed</source>
        <translation>종결</translation>
    </message>
    <message>
        <source>Founded</source>
        <translation>사실</translation>
    </message>
    <message>
        <source>Unfounded</source>
        <translation>사실 아님</translation>
    </message>
    <message>
        <source>False alarm</source>
        <translation>오경보</translation>
    </message>
    <message>
        <source>Test</source>
        <translation>시험</translation>
    </message>
    <message>
        <source>Duplicate</source>
        <translation>중복</translation>
    </message>
    <message>
        <source>exercise</source>
        <translation>훈련</translation>
    </message>
    <message>
        <source>test</source>
        <translation>시험</translation>
    </message>
    <message>
        <source>No picture</source>
        <translation>영상 없음</translation>
    </message>
    <message>
        <source>No answer</source>
        <translation>응답 없음</translation>
    </message>
    <message>
        <source>Wrong password</source>
        <translation>비밀번호 오류</translation>
    </message>
    <message>
        <source>No signal</source>
        <translation>신호 없음</translation>
    </message>
    <message>
        <source>Answer not understood</source>
        <translation>응답을 해석할 수 없음</translation>
    </message>
    <message>
        <source>No stream</source>
        <translation>영상 주소 없음</translation>
    </message>
    <message>
        <source>Picture process gone</source>
        <translation>영상 프로세스 중단</translation>
    </message>
    <message>
        <source>The console keeps trying by itself.</source>
        <translation>자동으로 계속 다시 연결합니다.</translation>
    </message>
    <message>
        <source>Not tried again by itself, or the camera may lock us out. Have an administrator correct its name and password; to try once more, call the camera up again.</source>
        <translation>카메라가 접속을 잠글 수 있어 자동으로 다시 시도하지 않습니다. 관리자에게 카메라 계정을 고치도록 하십시오. 한 번 더 시도하려면 카메라를 다시 호출하십시오.</translation>
    </message>
    <message>
        <source>The camera answers but sends no picture.</source>
        <translation>카메라가 응답하지만 영상을 보내지 않습니다.</translation>
    </message>
    <message>
        <source>The camera sends something this console can&apos;t read. Report its model.</source>
        <translation>카메라가 보내는 것을 읽을 수 없습니다. 카메라 기종을 알려 주십시오.</translation>
    </message>
    <message>
        <source>The register has no stream address for this camera. Have an administrator add it.</source>
        <translation>등록부에 이 카메라의 영상 주소가 없습니다. 관리자에게 추가하도록 하십시오.</translation>
    </message>
    <message>
        <source>The process is being restarted.</source>
        <translation>프로세스를 다시 시작하고 있습니다.</translation>
    </message>
    <message>
        <source>No recording</source>
        <translation>녹화 없음</translation>
    </message>
    <message>
        <source>Recording can&apos;t be shown</source>
        <translation>녹화 영상을 표시할 수 없음</translation>
    </message>
    <message>
        <source>Go to another moment, or back to live [Esc]. The reason is in the log.</source>
        <translation>다른 시각으로 옮기거나 [Esc]로 실시간으로 돌아가십시오. 원인은 로그에 있습니다.</translation>
    </message>
    <message>
        <source>move sent</source>
        <translation>이동 명령 보냄</translation>
    </message>
    <message>
        <source>moving, confirmed</source>
        <translation>이동 확인됨</translation>
    </message>
    <message>
        <source>stop sent</source>
        <translation>정지 명령 보냄</translation>
    </message>
    <message>
        <source>stopped, confirmed</source>
        <translation>정지 확인됨</translation>
    </message>
    <message>
        <source>CAMERA MAY BE MOVING</source>
        <translation>카메라가 움직이고 있을 수 있음</translation>
    </message>
    <message>
        <source>movement is off</source>
        <translation>이동 기능 꺼짐</translation>
    </message>
    <message>
        <source>Temperature</source>
        <translation>기온</translation>
    </message>
    <message>
        <source>Humidity</source>
        <translation>습도</translation>
    </message>
    <message>
        <source>Wind</source>
        <translation>바람</translation>
    </message>
    <message>
        <source>Wind direction</source>
        <translation>풍향</translation>
    </message>
    <message>
        <source>Sunlight</source>
        <translation>일사</translation>
    </message>
    <message>
        <source>Dust PM10</source>
        <translation>황사 PM10</translation>
    </message>
    <message>
        <source>Dust PM2.5</source>
        <translation>먼지 PM2.5</translation>
    </message>
    <message>
        <source>Pressure</source>
        <translation>기압</translation>
    </message>
    <message>
        <source>Rain</source>
        <translation>강수</translation>
    </message>
    <message>
        <source>Water level</source>
        <translation>수위</translation>
    </message>
    <message>
        <source>Smoke</source>
        <translation>연기</translation>
    </message>
    <message>
        <source>Visibility</source>
        <translation>시정</translation>
    </message>
    <message>
        <source>UV index</source>
        <translation>자외선</translation>
    </message>
    <message>
        <source>Road temperature</source>
        <translation>노면온도</translation>
    </message>
    <message>
        <source>Road state</source>
        <translation>노면상태</translation>
    </message>
    <message>
        <source>N</source>
        <translation>북</translation>
    </message>
    <message>
        <source>NE</source>
        <translation>북동</translation>
    </message>
    <message>
        <source>E</source>
        <translation>동</translation>
    </message>
    <message>
        <source>SE</source>
        <translation>남동</translation>
    </message>
    <message>
        <source>S</source>
        <translation>남</translation>
    </message>
    <message>
        <source>SW</source>
        <translation>남서</translation>
    </message>
    <message>
        <source>W</source>
        <translation>서</translation>
    </message>
    <message>
        <source>NW</source>
        <translation>북서</translation>
    </message>
</context>
<context>
    <name>_Choice</name>
    <message>
        <source>Cancel [Esc]</source>
        <translation>취소 [Esc]</translation>
    </message>
    <message>
        <source>1-{last} or the arrows choose, Enter agrees, Esc leaves.</source>
        <translation>1-{last} 또는 화살표로 선택, Enter로 확정, Esc로 나갑니다.</translation>
    </message>
</context>
<context>
    <name>_Rows</name>
    <message>
        <source>Alarm queue</source>
        <translation>알람 목록</translation>
    </message>
    <message>
        <source>Recorded here</source>
        <translation>녹화 목록</translation>
    </message>
</context>
</TS>
