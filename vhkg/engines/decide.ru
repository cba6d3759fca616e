# Decides on every patient of the default graph; the table that it decides by stands before it, as data.
#
# Facts are placed on lesions as for one patient: those of the patient on each, those of a lesion that is not named on
# the only one, or on all where they are not present. A lesion whose facts cannot all hold together gets no status: its
# answer has the flag "to-be-weighed". The answers are in the graph d:answers; nothing else is left behind.
DROP SILENT GRAPH d:answers ;
DROP SILENT GRAPH d:work ;

INSERT { GRAPH d:work { ?lesion d:shows ?assessment } } WHERE {
  {
    ?patient a vhkg:Patient ; vhkg:hasPresentation ?lesion .
    ?lesion vhkg:hasAssessment ?assessment .
    ?assessment vhkg:ofFinding ?finding .
    FILTER NOT EXISTS { GRAPH d:table { ?finding d:bearer d:patient } }
  } UNION {
    ?patient a vhkg:Patient ; vhkg:hasPresentation ?lesion .
    ?patient vhkg:hasPresentation/vhkg:hasAssessment|vhkg:hasAssessment ?assessment .
    ?assessment vhkg:ofFinding ?finding .
    GRAPH d:table { ?finding d:bearer d:patient }
  } UNION {
    ?patient a vhkg:Patient ; vhkg:hasPresentation ?lesion ; vhkg:hasAssessment ?assessment .
    ?assessment vhkg:ofFinding ?finding ; vhkg:status ?status .
    FILTER NOT EXISTS { GRAPH d:table { ?finding d:bearer d:patient } }
    FILTER ( ?status != vhkg:Present
      || NOT EXISTS { ?patient vhkg:hasPresentation ?other . FILTER ( ?other != ?lesion ) } )
  }
} ;

INSERT { GRAPH d:work { ?lesion d:asOf ?day } } WHERE {
  ?patient a vhkg:Patient ; vhkg:hasPresentation ?lesion .
  OPTIONAL { GRAPH d:table { d:run d:asOf ?given } }
  OPTIONAL {
    SELECT ?patient ( MAX( ?date ) AS ?latest ) WHERE {
      ?patient a vhkg:Patient ; vhkg:hasPresentation ?any .
      GRAPH d:work { ?any d:shows ?assessment }
      ?assessment vhkg:assessedOn ?date .
    } GROUP BY ?patient
  }
  BIND ( COALESCE( ?given, ?latest ) AS ?day )
  FILTER BOUND( ?day )
} ;

INSERT { GRAPH d:work { ?lesion d:holds ?literal } } WHERE {
  GRAPH d:work { ?lesion d:shows ?assessment }
  ?assessment vhkg:ofFinding ?finding ; vhkg:status ?status .
  GRAPH d:table { ?literal d:finding ?finding ; d:status ?status }
  OPTIONAL { ?assessment vhkg:assessedOn ?date }
  OPTIONAL { GRAPH d:table { d:run d:asOf ?given } }
  FILTER ( ! BOUND( ?date ) || ! BOUND( ?given ) || ?date <= ?given )
} ;

INSERT { GRAPH d:work { ?lesion d:mark "to-be-weighed" } } WHERE {
  {
    GRAPH d:work { ?lesion d:holds ?literal , ?opposite }
    GRAPH d:table { ?literal d:opposite ?opposite }
  } UNION {
    { SELECT ?lesion ?row ( COUNT( ?literal ) AS ?held ) WHERE {
        GRAPH d:table { ?row d:forbidden true ; d:needs ?literal }
        GRAPH d:work { ?lesion d:holds ?literal }
      } GROUP BY ?lesion ?row }
    GRAPH d:table { ?row d:size ?size }
    FILTER ( ?held = ?size )
  }
} ;

# An assessment that the table knows nothing of makes the patient's answers unusable, not silently poorer.
INSERT { GRAPH d:work { ?lesion d:mark "not-understood" } } WHERE {
  ?patient a vhkg:Patient ; vhkg:hasPresentation ?lesion .
  ?patient vhkg:hasPresentation/vhkg:hasAssessment|vhkg:hasAssessment ?assessment .
  FILTER NOT EXISTS {
    ?assessment vhkg:ofFinding ?finding ; vhkg:status ?status .
    GRAPH d:table { ?literal d:finding ?finding }
    FILTER ( ?status IN ( vhkg:Present , vhkg:Absent , vhkg:Unknown ) )
  }
} ;

INSERT { GRAPH d:work { ?lesion ?decision ?goal } } WHERE {
  {
    { SELECT ?lesion ?row ( COUNT( ?literal ) AS ?held ) WHERE {
        GRAPH d:table { ?row d:needs ?literal }
        GRAPH d:work { ?lesion d:holds ?literal }
      } GROUP BY ?lesion ?row }
    GRAPH d:table { ?row d:size ?size }
    FILTER ( ?held = ?size )
  } UNION {
    ?patient a vhkg:Patient ; vhkg:hasPresentation ?lesion .
    GRAPH d:table { ?row d:size 0 }
  }
  GRAPH d:table { ?row ?decision ?goal }
  FILTER ( ?decision IN ( d:entails , d:refutes ) )
  FILTER NOT EXISTS { GRAPH d:work { ?lesion d:mark ?mark } }
} ;

INSERT { GRAPH d:work { ?lesion d:answer ?answer ; d:patient ?patient } } WHERE {
  ?patient a vhkg:Patient ; vhkg:hasPresentation ?lesion .
  GRAPH d:table { d:run d:digest ?digest ; d:readings ?readings ; d:answersUnder ?base }
  OPTIONAL { GRAPH d:work { ?lesion d:asOf ?day } }
  BIND ( CONCAT( ENCODE_FOR_URI( STR( ?patient ) ) , "|" , ENCODE_FOR_URI( STR( ?lesion ) ) , "|" ,
    COALESCE( STR( ?day ) , "" ) , "|" , ?digest , "|" , ?readings ) AS ?key )
  BIND ( IRI( CONCAT( ?base , SUBSTR( SHA256( ?key ) , 1 , 16 ) ) ) AS ?answer )
} ;

INSERT { GRAPH d:answers {
  ?answer vhkg:hasRecommendationStatus ?node .
  ?node a vhkg:RecommendationStatus ; vhkg:ofRecommendation ?recommendation ; vhkg:order ?order ;
    vhkg:statusCode ?status ; vhkg:baseStatusCode ?uncapped ; vhkg:notAddressed ?factor .
} } WHERE {
  GRAPH d:work { ?lesion d:answer ?answer }
  FILTER NOT EXISTS { GRAPH d:work { ?lesion d:mark ?mark } }
  GRAPH d:table {
    ?recommendation d:name ?name ; vhkg:order ?order ; d:goal ?goal ; d:condition ?condition ; d:holding ?holding
  }
  BIND ( EXISTS { GRAPH d:work { ?lesion d:entails ?goal } } AS ?holds )
  BIND ( EXISTS { GRAPH d:work { ?lesion d:refutes ?goal } } AS ?fails )
  BIND ( EXISTS { GRAPH d:work { ?lesion d:entails ?condition } } AS ?meets )
  BIND ( EXISTS {
    GRAPH d:table { ?recommendation d:limit ?capping . ?capping d:capsWithin ?cap }
    GRAPH d:work { ?lesion d:entails ?cap }
  } AS ?capped )
  BIND ( IF( ?holds , ?holding , IF( ?fails , "does-not-apply" ,
    IF( ?meets , "provisional" , "undetermined" ) ) ) AS ?base )
  BIND ( IF( ?holds && ?capped , "provisional" , ?base ) AS ?status )
  BIND ( IF( ?status = ?base , ?base , ?none ) AS ?uncapped )
  OPTIONAL {
    GRAPH d:table { ?recommendation d:limit ?limit . ?limit d:raisedBy ?raised ; d:factor ?factor }
    GRAPH d:work { ?lesion d:entails ?raised }
    FILTER ( ?holds || ! ?fails )
    FILTER NOT EXISTS {
      GRAPH d:table { ?limit d:unless ?narrower . ?recommendation d:limit ?narrower . ?narrower d:raisedBy ?instead }
      GRAPH d:work { ?lesion d:entails ?instead }
    }
  }
  BIND ( IRI( CONCAT( STR( ?answer ) , "/" , ?name ) ) AS ?node )
} ;

INSERT { GRAPH d:answers {
  ?answer a vhkg:Answer ; vhkg:forPatient ?patientName ; vhkg:forPresentation ?lesionName ; vhkg:asOf ?day ;
    vhkg:flag ?mark ; vhkg:verdict ?verdict ; vhkg:knowledgeVersion ?version ; vhkg:knowledgeDigest ?digest ;
    vhkg:reviewStatus ?review ; vhkg:disclaimer ?disclaimer .
} } WHERE {
  GRAPH d:work { ?lesion d:answer ?answer ; d:patient ?patient }
  GRAPH d:table {
    d:run d:digest ?digest ; vhkg:knowledgeVersion ?version ; vhkg:reviewStatus ?review ; vhkg:disclaimer ?disclaimer ;
      d:subject ?subject ; d:scope ?scope ; d:branch ?branch
  }
  OPTIONAL { GRAPH d:work { ?lesion d:mark ?mark } }
  OPTIONAL { GRAPH d:work { ?lesion d:asOf ?day } }
  BIND ( STR( ?patient ) AS ?patientName )
  BIND ( STR( ?lesion ) AS ?lesionName )
  BIND ( EXISTS { GRAPH d:work { ?lesion d:refutes ?subject } } AS ?noSubject )
  BIND ( EXISTS { GRAPH d:work { ?lesion d:refutes ?scope } } || EXISTS {
    GRAPH d:table { ?limit d:ofEverything true ; d:raisedBy ?raised ; d:capsWithin ?cap }
    GRAPH d:work { ?lesion d:entails ?raised , ?cap }
  } AS ?outside )
  BIND ( EXISTS { GRAPH d:work { ?lesion d:refutes ?branch } } AS ?noBranch )
  BIND ( EXISTS { GRAPH d:table { ?r1 d:treats true ; d:first true }
    GRAPH d:answers { ?answer vhkg:hasRecommendationStatus ?n1 . ?n1 vhkg:ofRecommendation ?r1 ; vhkg:statusCode "applies" }
  } AS ?firstApplies )
  BIND ( EXISTS { GRAPH d:table { ?r2 d:treats true ; d:first true }
    GRAPH d:answers { ?answer vhkg:hasRecommendationStatus ?n2 . ?n2 vhkg:ofRecommendation ?r2 ; vhkg:statusCode "provisional" }
  } AS ?firstStands )
  BIND ( EXISTS { GRAPH d:table { ?r3 d:treats true }
    GRAPH d:answers { ?answer vhkg:hasRecommendationStatus ?n3 . ?n3 vhkg:ofRecommendation ?r3 ; vhkg:statusCode "applies" }
  } AS ?anyApplies )
  BIND ( EXISTS { GRAPH d:table { ?r4 d:treats true }
    GRAPH d:answers { ?answer vhkg:hasRecommendationStatus ?n4 . ?n4 vhkg:ofRecommendation ?r4 ; vhkg:statusCode "provisional" }
  } AS ?anyStands )
  BIND ( IF( BOUND( ?mark ) , ?none , IF( ?noSubject , "not-applicable" , IF( ?outside , "outside" , IF( ?noBranch , "gap" ,
    IF( ?firstApplies , "first-line" , IF( ?firstStands , "provisional" , IF( ?anyApplies , "first-line" ,
    IF( ?anyStands , "provisional" , "undecided" ) ) ) ) ) ) ) ) AS ?verdict )
} ;

DROP GRAPH d:work ;
DROP GRAPH d:table
